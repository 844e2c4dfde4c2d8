import type { NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { RichText } from '@/ui/RichText'
import type { FlowNote } from './noteFlow'

/** As many characters as any note has room for. */
const SHOWN = 5_000

/** A sticky note, to read. */
export const NoteCard = memo(function NoteCard({ data }: NodeProps<FlowNote>) {
  return (
    <div className="note">
      <NoteText text={data.note.text} />
    </div>
  )
})

export const NoteText = ({ text }: { text: string }) => (
  <div className="note__text">
    <RichText text={text.slice(0, SHOWN)} />
  </div>
)
