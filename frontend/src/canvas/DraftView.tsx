import { useReactFlow } from '@xyflow/react'
import { useEffect, useMemo, useRef } from 'react'
import { Inspector } from '@/inspector/Inspector'
import type { LiveFeed } from '@/live/useRun'
import { say } from '@/ui/toast'
import { Canvas } from './Canvas'
import { ConnectList } from './ConnectList'
import { Dock } from './Dock'
import { useEditor } from './editorStore'
import { Palette } from './Palette'
import { QuickAdd } from './QuickAdd'
import { useActions } from './useActions'
import { useDropNode } from './useDropNode'
import { useEditorCommands } from './useEditorCommands'
import type { Runner } from './useRunner'
import { useSaverContext } from './useSaver'
import { useClipboard, useShortcuts } from './useShortcuts'

interface DraftViewProps {
  runner: Runner
  feed: LiveFeed | null
  /** The run whose values the inspector tries expressions on. */
  run: string | null
}

/** The draft, to be worked on: the canvas with its keys, and the panels around it. */
export function DraftView({ runner, feed, run }: DraftViewProps) {
  const saver = useSaverContext()
  const actions = useActions()
  const drop = useDropNode()
  const pointer = usePointer()
  const paletteOpen = useEditor((state) => state.paletteOpen)
  const targets = useMemo(
    () => ({
      ...actions,
      add: drop.askInMiddle,
      run: () => {
        runner.run()
      },
      save: () => {
        saver.flush().then(
          () => {
            say('Saved', 'Every change is saved by itself, a moment after you make it.')
          },
          () => undefined,
        )
      },
    }),
    [actions, drop, runner, saver],
  )
  useShortcuts(targets)
  useClipboard(actions, pointer)
  useEditorCommands(targets)
  return (
    <>
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
    </>
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
