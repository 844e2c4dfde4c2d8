import { Activity, Eye } from 'lucide-react'
import { Link } from 'react-router'
import type { Workflow } from '@/api/types'
import type { Catalogue } from '@/graph/catalogue'
import { Logo } from '@/ui/Logo'
import { GraphReader } from './GraphReader'
import { IconSprite } from './NodeIcon'
import './canvas.css'
import './editor.css'
import '@/inspector/inspector.css'

interface ViewerPageProps {
  workflow: Workflow
  catalogue: Catalogue
}

/** A workflow for who may look at it and not change it: the draft as it is now, and the way to its runs. */
export function ViewerPage({ workflow, catalogue }: ViewerPageProps) {
  return (
    <div className="editor">
      <IconSprite catalogue={catalogue} />
      <header className="top-bar">
        <Link to="/" className="top-bar__home" aria-label="All workflows">
          <Logo />
        </Link>
        <span className="top-bar__slash" aria-hidden="true" />
        <h1 className="top-bar__title truncate">{workflow.name}</h1>
        <span className="badge">
          <Eye size={13} />
          View only
        </span>
        <span className="spacer" />
        <Link
          className="button"
          data-variant="default"
          data-size="medium"
          to={`/runs?workflow=${workflow.id}`}
        >
          <Activity size={14} />
          Runs
        </Link>
      </header>
      <GraphReader graph={workflow.graph} catalogue={catalogue} label="The workflow, to look at" />
    </div>
  )
}
