import { ArrowLeft, RotateCcw } from 'lucide-react'
import { useEffect } from 'react'
import type { Version } from '@/api/types'
import { useNameOf, useVersion } from '@/api/versions'
import { compare, wordsFor } from '@/graph/compare'
import { Button } from '@/ui/Button'
import { ago, moment } from '@/ui/format'
import { ErrorState } from '@/ui/states'
import { graphOf, useEditor, useEditorStore } from './editorStore'
import { GraphReader } from './GraphReader'
import { useRestore } from './useRestore'
import './versions.css'

/** A version on the canvas, to look at: the draft waits as it is. Escape leads back to it. */
export function VersionView({ number }: { number: number }) {
  const store = useEditorStore()
  const version = useVersion(store.getState().workflow, number)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented)
        store.getState().show({ viewing: null })
    }
    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
    }
  }, [store])
  return (
    <>
      <VersionBar number={number} version={version.data} />
      {version.error ? (
        <ErrorState
          title={`Version ${String(number)} could not be loaded`}
          error={version.error}
          retry={() => void version.refetch()}
        />
      ) : null}
      {version.data ? <VersionGraph version={version.data} /> : null}
    </>
  )
}

function VersionBar({ number, version }: { number: number; version: Version | undefined }) {
  const store = useEditorStore()
  const draft = useEditor(graphOf)
  const restore = useRestore()
  const author = useNameOf()(version?.created_by ?? null)
  const difference = version ? compare(draft, version.graph) : null
  return (
    <div className="version-bar" role="status">
      <Button
        size="small"
        variant="ghost"
        icon={<ArrowLeft size={14} />}
        onClick={() => {
          store.getState().show({ viewing: null })
        }}
      >
        Draft
      </Button>
      <p className="version-bar__text">
        <strong>Version {number}</strong>
        {version ? (
          <span className="muted">
            <time dateTime={version.created_at} title={moment(version.created_at)}>
              {ago(version.created_at)}
            </time>
            {author ? ` by ${author}` : ''}
          </span>
        ) : null}
        {version ? (
          <span className="muted version-bar__difference">
            {wordsFor(difference)}
            {difference ? ' than the draft' : ''}
          </span>
        ) : null}
      </p>
      <Button
        size="small"
        icon={<RotateCcw size={13} />}
        disabled={!version || !difference}
        onClick={() => {
          if (version) restore(version)
        }}
      >
        Restore
      </Button>
    </div>
  )
}

function VersionGraph({ version }: { version: Version }) {
  const catalogue = useEditor((state) => state.catalogue)
  const label = `Version ${String(version.version)}, to look at`
  return <GraphReader graph={version.graph} catalogue={catalogue} label={label} />
}
