import { renewed, onGraph } from './commands'
import type { Graph, Note, Position } from './document'
import { rounded } from './document'
import type { Command } from './history'
import { idFrom } from './ids'
import { sameJson } from './json'

/** Where a note lies and how large it is, in canvas pixels. */
export type NoteBox = Pick<Note, 'position' | 'width' | 'height'>

/** The least that still shows a line of text. */
export const LEAST_NOTE = { width: 120, height: 60 } as const

export const NEW_NOTE = { width: 240, height: 160 } as const

/** An empty note, named unlike the others in `graph`. */
export const newNote = (graph: Graph, position: Position): Note => ({
  id: idFrom('note', new Set(notesOf(graph).map(({ id }) => id))),
  text: '',
  position: rounded(position),
  ...NEW_NOTE,
})

export const notesOf = (graph: Graph): readonly Note[] => graph.notes ?? []

export const addNote = (note: Note): Command =>
  onGraph('add a note', (graph) => ({ ...graph, notes: [...notesOf(graph), note] }))

export const writeNote = (id: string, text: string): Command =>
  onNote('write a note', id, (note) => (note.text === text ? note : { ...note, text }), 'text')

export const resizeNote = (id: string, box: NoteBox): Command =>
  onNote('resize a note', id, (note) => {
    const next = {
      ...note,
      position: rounded(box.position),
      width: Math.round(box.width),
      height: Math.round(box.height),
    }
    return sameJson(next, note) ? note : next
  })

function onNote(name: string, id: string, change: (note: Note) => Note, merge?: string): Command {
  return onGraph(
    name,
    (graph) => {
      const before = notesOf(graph)
      const notes = renewed(before, (note) => (note.id === id ? change(note) : note))
      return notes === before ? graph : { ...graph, notes }
    },
    merge && `note:${id}:${merge}`,
  )
}
