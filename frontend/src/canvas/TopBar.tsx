import { CircleAlert, PanelRight, Play, Search, TriangleAlert } from 'lucide-react'
import { Link } from 'react-router'
import type { Workflow } from '@/api/types'
import { renameWorkflow } from '@/graph/commands'
import { severityOf } from '@/graph/problems'
import { openCommandMenu } from '@/ui/commandMenu'
import { Button, IconButton } from '@/ui/Button'
import { Logo } from '@/ui/Logo'
import { NameInput } from '@/ui/NameInput'
import { Tip } from '@/ui/Tip'
import { useEditor, useEditorStore } from './editorStore'
import { PublishButton } from './PublishButton'
import { SaveStatus } from './SaveStatus'
import type { Runner } from './useRunner'

interface TopBarProps {
  workflow: Workflow
  runner: Runner
}

export function TopBar({ workflow, runner }: TopBarProps) {
  const store = useEditorStore()
  const name = useEditor((state) => state.history.present.name)
  const inspectorOpen = useEditor((state) => state.inspectorOpen)
  return (
    <header className="top-bar">
      <Link to="/" className="top-bar__home" aria-label="All workflows">
        <Logo />
      </Link>
      <span className="top-bar__slash" aria-hidden="true" />
      <h1 className="visually-hidden">{name}</h1>
      <NameInput
        className="top-bar__name"
        aria-label="Name of the workflow"
        value={name}
        accepts={(next) => next.trim() !== ''}
        onChange={(next) => {
          store.getState().perform(renameWorkflow(next))
        }}
      />
      <SaveStatus />
      <span className="spacer" />
      <ProblemsPill />
      <IconButton
        label="Commands"
        keys="Mod+K"
        icon={<Search size={15} />}
        onClick={openCommandMenu}
      />
      <IconButton
        label="Inspector"
        aria-pressed={inspectorOpen}
        icon={<PanelRight size={15} />}
        onClick={() => {
          store.getState().show({ inspectorOpen: !inspectorOpen })
        }}
      />
      <PublishButton workflow={workflow} />
      <Tip text="Run the draft" keys="Mod+Enter">
        <Button
          variant="primary"
          icon={<Play size={14} />}
          busy={runner.starting}
          onClick={() => {
            runner.run()
          }}
        >
          Run
        </Button>
      </Tip>
    </header>
  )
}

function ProblemsPill() {
  const store = useEditorStore()
  const { all } = useEditor((state) => state.problems)
  const severity = severityOf(all)
  if (!severity) return null
  return (
    <button
      type="button"
      className="badge problems-pill"
      data-tone={severity === 'error' ? 'bad' : 'warn'}
      onClick={() => {
        store.getState().show({ dock: 'problems' })
      }}
    >
      {severity === 'error' ? <CircleAlert size={13} /> : <TriangleAlert size={13} />}
      {all.length === 1 ? '1 problem' : `${String(all.length)} problems`}
    </button>
  )
}
