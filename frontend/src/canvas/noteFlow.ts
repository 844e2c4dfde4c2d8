import type { Node } from '@xyflow/react'
import type { Graph, Note } from '@/graph/document'
import { notesOf } from '@/graph/notes'

export interface NoteData extends Record<string, unknown> {
  note: Note
}

export type FlowNote = Node<NoteData, 'note'>

/** Below wires and cards, even by what React Flow lifts whatever is selected. */
const BENEATH = -1001

const PREFIX = 'note:'

/** What React Flow knows a note by: no node's id has a colon. */
export const noteKey = (id: string): string => PREFIX + id

/** The note's id in what React Flow knows it by; null for a node's. */
export const noteIn = (key: string): string | null =>
  key.startsWith(PREFIX) ? key.slice(PREFIX.length) : null

/** The notes as React Flow's nodes; those that did not change stay the very same objects. */
export function toFlowNotes(
  before: readonly FlowNote[],
  graph: Graph,
  selection: ReadonlySet<string>,
): FlowNote[] {
  const held = new Map(before.map((each) => [each.data.note.id, each]))
  return notesOf(graph).map((note) => {
    const old = held.get(note.id)
    const selected = selection.has(note.id)
    if (old?.data.note === note) return old.selected === selected ? old : { ...old, selected }
    return { ...(old?.measured ? { measured: old.measured } : {}), ...flowNote(note), selected }
  })
}

const flowNote = (note: Note): FlowNote => ({
  id: noteKey(note.id),
  type: 'note',
  position: note.position,
  width: note.width,
  height: note.height,
  zIndex: BENEATH,
  connectable: false,
  ariaLabel: `Note: ${note.text || 'empty'}`,
  data: { note },
})
