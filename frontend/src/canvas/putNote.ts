import type { Position } from '@/graph/document'
import { addNote, newNote } from '@/graph/notes'
import type { EditorStore } from './editorStore'
import { graphOf } from './editorStore'

/** Adds a note at `at`, selected, and open to be written. */
export function putNote(store: EditorStore, at: Position): void {
  const state = store.getState()
  const note = newNote(graphOf(state), at)
  state.perform(addNote(note))
  state.select({ notes: new Set([note.id]) })
  state.show({ quickAdd: null, writing: note.id })
}
