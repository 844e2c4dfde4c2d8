import { X } from 'lucide-react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { useState } from 'react'
import type { LiveFeed } from '@/live/useRun'
import { IconButton } from '@/ui/Button'
import { Tabs } from '@/ui/Tabs'
import type { DockTab } from './editorStore'
import { useEditor, useEditorStore } from './editorStore'
import { OutlinePanel } from './OutlinePanel'
import { ProblemsPanel } from './ProblemsPanel'
import { RunPanel } from './RunPanel'
import type { Runner } from './useRunner'

interface DockProps {
  runner: Runner
  feed: LiveFeed | null
}

const HEIGHT = { standard: 320, least: 140, most: 640 }

/** The panel below the canvas: the run, what is wrong, the outline. */
export function Dock({ runner, feed }: DockProps) {
  const store = useEditorStore()
  const tab = useEditor((state) => state.dock)
  const problems = useEditor((state) => state.problems.all.length)
  const [height, setHeight] = useState(HEIGHT.standard)
  if (!tab) return null
  const close = () => {
    store.getState().show({ dock: null })
  }
  const resize = (to: number) => {
    setHeight(Math.min(HEIGHT.most, Math.max(HEIGHT.least, to)))
  }
  return (
    <section className="dock panel" aria-label="Run, problems and outline" style={{ height }}>
      <DockEdge height={height} onChange={resize} />
      <Tabs<DockTab>
        label="Panel"
        className="dock__tabs"
        tabs={[
          { value: 'run', label: 'Run' },
          { value: 'problems', label: 'Problems', count: problems },
          { value: 'outline', label: 'Outline' },
        ]}
        value={tab}
        onChange={(dock) => {
          store.getState().show({ dock })
        }}
        aside={
          <>
            <span className="spacer" />
            <IconButton
              label="Close the panel"
              size="small"
              icon={<X size={15} />}
              onClick={close}
            />
          </>
        }
      >
        {tab === 'run' ? <RunPanel runner={runner} feed={feed} /> : null}
        {tab === 'problems' ? <ProblemsPanel /> : null}
        {tab === 'outline' ? <OutlinePanel /> : null}
      </Tabs>
    </section>
  )
}

function DockEdge({ height, onChange }: { height: number; onChange: (height: number) => void }) {
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId))
      onChange(innerHeight - event.clientY)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowUp: 24, ArrowDown: -24 }[event.key]
    if (step) onChange(height + step)
  }
  return (
    <div
      className="resize resize--top"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the panel"
      aria-valuenow={height}
      aria-valuemin={HEIGHT.least}
      aria-valuemax={HEIGHT.most}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  )
}
