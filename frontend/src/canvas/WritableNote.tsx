import type { NodeProps } from '@xyflow/react'
import { NodeResizer } from '@xyflow/react'
import type { KeyboardEvent } from 'react'
import { memo } from 'react'
import type { Note } from '@/graph/document'
import { LEAST_NOTE, writeNote } from '@/graph/notes'
import { useEditor, useEditorStore } from './editorStore'
import { NoteText } from './NoteCard'
import type { FlowNote } from './noteFlow'
import { noteKey } from './noteFlow'
import { focusNode } from './useActions'

/** A sticky note of the draft: drag it, pull at its edges, double-click to write. */
export const WritableNote = memo(function WritableNote({ data, selected }: NodeProps<FlowNote>) {
  const { note } = data
  const store = useEditorStore()
  const writing = useEditor((state) => state.writing === note.id)
  return (
    <div
      // The wheel moves the canvas, and the text of the one note that is selected.
      className={selected ? 'note nowheel' : 'note'}
      onDoubleClick={() => {
        store.getState().show({ writing: note.id })
      }}
    >
      <NodeResizer
        isVisible={selected}
        minWidth={LEAST_NOTE.width}
        minHeight={LEAST_NOTE.height}
        lineClassName="note__edge"
        handleClassName="note__corner"
      />
      {writing ? <NoteBox note={note} /> : null}
      {!writing && note.text ? <NoteText text={note.text} /> : null}
      {!writing && !note.text ? <p className="note__empty">Double-click to write</p> : null}
    </div>
  )
})

function NoteBox({ note }: { note: Note }) {
  const store = useEditorStore()
  const done = () => {
    store.getState().show({ writing: null })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Not for the canvas: there Enter opens what has the focus.
    event.stopPropagation()
    if (event.key !== 'Escape') return
    done()
    focusNode(noteKey(note.id))
  }
  return (
    <textarea
      className="note__text note__box nodrag nopan nowheel"
      aria-label="Text of the note"
      autoFocus
      value={note.text}
      onChange={(event) => {
        store.getState().perform(writeNote(note.id, event.target.value))
      }}
      onFocus={(event) => {
        event.target.setSelectionRange(note.text.length, note.text.length)
      }}
      onBlur={done}
      onKeyDown={onKeyDown}
    />
  )
}
