import type { EdgeChange, NodeChange } from '@xyflow/react'
import type { Position } from '@/graph/document'
import type { FlowEdge, FlowNode } from './flow'
import type { FlowNote } from './noteFlow'
import { noteIn } from './noteFlow'

export type CanvasChange = NodeChange<FlowNode | FlowNote>

export interface PartedChanges {
  cards: NodeChange<FlowNode>[]
  notes: NodeChange<FlowNote>[]
}

/** React Flow's changes, those of cards apart from those of notes. It is never asked to add any. */
export function parted(changes: readonly CanvasChange[]): PartedChanges {
  const isNote = (change: CanvasChange) => 'id' in change && noteIn(change.id) !== null
  return {
    cards: changes.filter((change) => !isNote(change)) as NodeChange<FlowNode>[],
    notes: changes.filter(isNote) as NodeChange<FlowNote>[],
  }
}

/** Whether a change shows on the canvas before it is an edit: a step of a drag, a measurement. */
export const isPassing = ({ type }: CanvasChange): boolean =>
  type === 'position' || type === 'dimensions'

export const endsDrag = (change: CanvasChange): boolean =>
  change.type === 'position' && change.dragging === false

/** The note whose resizing ends with `changes`. */
export function resized(changes: readonly NodeChange<FlowNote>[]): string | null {
  const end = changes.find((change) => change.type === 'dimensions' && change.resizing === false)
  return end && 'id' in end ? noteIn(end.id) : null
}

/** Where things lie by now that lie elsewhere in the graph, by their ids in it. */
export function movedOnly(
  inGraph: readonly { id: string; position?: Position }[],
  onCanvas: readonly { id: string; position: Position }[],
  keyOf: (id: string) => string = (id) => id,
): Map<string, Position> {
  const there = new Map(onCanvas.map(({ id, position }) => [id, position]))
  return new Map(
    inGraph.flatMap(({ id, position }): [string, Position][] => {
      const to = there.get(keyOf(id))
      const moved = to && (Math.round(to.x) !== position?.x || Math.round(to.y) !== position.y)
      return moved ? [[id, to]] : []
    }),
  )
}

/** The ids that are selected after `changes`; null where they select nothing and unselect nothing. */
export function toggled(
  ids: ReadonlySet<string>,
  changes: readonly (CanvasChange | EdgeChange<FlowEdge>)[],
): Set<string> | null {
  const selects = changes.filter((change) => change.type === 'select')
  if (selects.length === 0) return null
  const after = new Set(ids)
  for (const { id: key, selected } of selects) {
    const id = noteIn(key) ?? key
    if (selected) after.add(id)
    else after.delete(id)
  }
  return after
}
