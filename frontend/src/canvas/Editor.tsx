import { useEffect, useMemo, useRef } from 'react'
import { useSearchParams } from 'react-router'
import { useReactFlow } from '@xyflow/react'
import { useLatestRun } from '@/api/queries'
import type { Workflow } from '@/api/types'
import { Inspector } from '@/inspector/Inspector'
import { useFeed } from '@/live/useFeed'
import { say } from '@/ui/toast'
import { Canvas } from './Canvas'
import { ConnectList } from './ConnectList'
import { Dock } from './Dock'
import { graphOf, useEditor, useEditorStore } from './editorStore'
import { FeedContext } from './FeedContext'
import { IconSprite } from './NodeIcon'
import { Palette } from './Palette'
import { QuickAdd } from './QuickAdd'
import { ConflictBar } from './SaveStatus'
import { TopBar } from './TopBar'
import { useActions } from './useActions'
import { useDropNode } from './useDropNode'
import { useEditorCommands } from './useEditorCommands'
import { useRunner } from './useRunner'
import { useSaverContext } from './useSaver'
import { useClipboard, useShortcuts } from './useShortcuts'
import './canvas.css'
import './editor.css'
import '@/inspector/inspector.css'
import '@/runs/runs.css'

/** The canvas with everything around it. `?run=` names the run that it shows, so a reload picks it up again. */
export function Editor({ workflow }: { workflow: Workflow }) {
  const store = useEditorStore()
  const saver = useSaverContext()
  const [query, setQuery] = useSearchParams()
  const watched = query.get('run')
  const feed = useFeed(watched)
  const latest = useLatestRun(workflow.id)
  const run = watched ?? latest.data?.id ?? null
  const runner = useRunner((id) => {
    setQuery({ run: id }, { replace: true })
  })
  const actions = useActions()
  const drop = useDropNode()
  const pointer = usePointer()
  const catalogue = useEditor((state) => state.catalogue)
  const paletteOpen = useEditor((state) => state.paletteOpen)

  const targets = useMemo(
    () => ({
      ...actions,
      add: drop.askInMiddle,
      run: runner.run,
      save: () => {
        saver.flush().then(
          () => {
            say('Saved', 'Every change is saved by itself, a moment after you make it.')
          },
          () => undefined,
        )
      },
    }),
    [actions, drop, runner.run, saver],
  )
  useShortcuts(targets)
  useClipboard(actions, pointer)
  useEditorCommands(targets)
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
      <IconSprite catalogue={catalogue} />
      <div className="editor">
        <TopBar workflow={workflow} runner={runner} />
        <ConflictBar />
        <div className="editor__middle">
          {paletteOpen ? <Palette /> : null}
          <main className="editor__main">
            <Canvas />
            <Dock runner={runner} feed={feed} />
          </main>
          <Inspector run={run} />
        </div>
        <QuickAdd />
        <ConnectList />
      </div>
    </FeedContext>
  )
}

/** Gives where on the canvas the pointer is, for paste; undefined before it was there. */
function usePointer() {
  const { screenToFlowPosition } = useReactFlow()
  const last = useRef<{ x: number; y: number } | null>(null)
  useEffect(() => {
    const onMove = (event: PointerEvent) => {
      const over = event.target instanceof Element && event.target.closest('.canvas') !== null
      last.current = over ? { x: event.clientX, y: event.clientY } : null
    }
    window.addEventListener('pointermove', onMove)
    return () => {
      window.removeEventListener('pointermove', onMove)
    }
  }, [])
  return useMemo(
    () => () => (last.current ? screenToFlowPosition(last.current) : undefined),
    [screenToFlowPosition],
  )
}
