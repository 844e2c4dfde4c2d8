import { useConnection } from '@xyflow/react'
import { useEffect, useState } from 'react'
import { canConnect } from '@/graph/connect'
import type { PortRef, Position } from '@/graph/document'
import { graphOf, useEditor } from './editorStore'

/** Says, at the pointer, why the wire that is being drawn cannot end where it hovers, or that it would loop. */
export function ConnectionHint() {
  const connection = useConnection()
  const graph = useEditor(graphOf)
  const catalogue = useEditor((state) => state.catalogue)
  const pointer = usePointer(connection.inProgress)
  if (!connection.inProgress || !connection.toHandle || !pointer) return null

  const { fromHandle, toHandle } = connection
  if (fromHandle.type === toHandle.type) {
    const both = fromHandle.type === 'source' ? 'outputs' : 'inputs'
    return <Hint at={pointer}>Both ends are {both}: a wire goes from an output to an input.</Hint>
  }
  const [out, into] = fromHandle.type === 'source' ? [fromHandle, toHandle] : [toHandle, fromHandle]
  const verdict = canConnect(graph, { source: ref(out, 'out'), target: ref(into, 'in') }, catalogue)
  const words = verdict.ok ? verdict.words : verdict.reason
  return words ? <Hint at={pointer}>{words}</Hint> : null
}

const ref = (handle: { nodeId: string; id?: string | null }, port: string): PortRef => ({
  node: handle.nodeId,
  port: handle.id ?? port,
})

function Hint({ at, children }: { at: Position; children: React.ReactNode }) {
  return (
    <div className="canvas__hint" role="status" style={{ left: at.x, top: at.y }}>
      {children}
    </div>
  )
}

function usePointer(active: boolean): Position | null {
  const [pointer, setPointer] = useState<Position | null>(null)
  useEffect(() => {
    if (!active) return
    const onMove = (event: PointerEvent) => {
      setPointer({ x: event.clientX, y: event.clientY })
    }
    window.addEventListener('pointermove', onMove)
    return () => {
      window.removeEventListener('pointermove', onMove)
    }
  }, [active])
  return pointer
}
