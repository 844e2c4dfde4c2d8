import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import { useLatestRun } from '@/api/queries'
import type { Workflow } from '@/api/types'
import { useFeed } from '@/live/useFeed'
import { DraftView } from './DraftView'
import { graphOf, useEditor, useEditorStore } from './editorStore'
import { FeedContext } from './FeedContext'
import { IconSprite } from './NodeIcon'
import { ConflictBar } from './SaveStatus'
import { TopBar } from './TopBar'
import { RunnerContext, useRunner } from './useRunner'
import { VersionView } from './VersionView'
import './canvas.css'
import './editor.css'
import '@/inspector/inspector.css'
import '@/runs/runs.css'

/** The canvas with everything around it. `?run=` names the run that it shows, so a reload picks it up again. */
export function Editor({ workflow }: { workflow: Workflow }) {
  const store = useEditorStore()
  const [query, setQuery] = useSearchParams()
  const watched = query.get('run')
  const feed = useFeed(watched)
  const latest = useLatestRun(workflow.id)
  const run = watched ?? latest.data?.id ?? null
  const runner = useRunner(run, (id) => {
    setQuery({ run: id }, { replace: true })
  })
  const catalogue = useEditor((state) => state.catalogue)
  const viewing = useEditor((state) => state.viewing)
  const neverRan = latest.data === null
  useEffect(() => {
    // A workflow that never ran shows what it asks for, so that running it is the next thing to do.
    if (neverRan && graphOf(store.getState()).nodes.length > 0)
      store.getState().show({ dock: 'run' })
  }, [store, neverRan])
  useEffect(() => {
    if (watched) store.getState().show({ dock: 'run' })
  }, [store, watched])

  return (
    <FeedContext value={feed}>
      <RunnerContext value={runner}>
        <IconSprite catalogue={catalogue} />
        <div className="editor">
          <TopBar workflow={workflow} runner={runner} />
          <ConflictBar />
          {viewing === null ? (
            <DraftView runner={runner} feed={feed} run={run} />
          ) : (
            <VersionView key={viewing} number={viewing} />
          )}
        </div>
      </RunnerContext>
    </FeedContext>
  )
}
