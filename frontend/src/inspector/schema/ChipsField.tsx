import { X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useState } from 'react'
import type { Json } from '@/graph/json'
import type { Aria } from '@/ui/Field'

interface ChipsFieldProps {
  aria: Aria
  label: string
  placeholder: string
  value: readonly Json[]
  /** The value that typed text stands for; null where it stands for none. */
  read: (text: string) => Json
  onChange: (value: Json | undefined) => void
}

/** A short list of short things: typed, taken with Enter or a comma, removed one by one. */
export function ChipsField({ aria, label, placeholder, value, read, onChange }: ChipsFieldProps) {
  const [text, setText] = useState('')
  const wrong = text.trim() !== '' && read(text.trim()) === null
  const set = (next: Json[]) => {
    onChange(next.length > 0 ? next : undefined)
  }
  const take = () => {
    const next = read(text.trim())
    if (next === null || text.trim() === '') return
    setText('')
    if (!value.includes(next)) set([...value, next])
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault()
      take()
    } else if (event.key === 'Backspace' && text === '') set(value.slice(0, -1))
  }
  return (
    <div className="input chips">
      {value.map((each) => (
        <span className="chip" key={String(each)}>
          {String(each)}
          <button
            type="button"
            aria-label={`Remove ${String(each)}`}
            onClick={() => {
              set(value.filter((other) => other !== each))
            }}
          >
            <X size={12} />
          </button>
        </span>
      ))}
      <input
        {...aria}
        {...(wrong ? { 'aria-invalid': true } : {})}
        aria-label={label}
        placeholder={value.length === 0 ? placeholder : ''}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
        onKeyDown={onKeyDown}
        onBlur={take}
      />
    </div>
  )
}
