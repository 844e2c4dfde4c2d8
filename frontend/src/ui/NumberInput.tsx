import { useState } from 'react'
import { TextInput } from './Field'

interface NumberInputProps {
  id?: string
  value: number | null
  onChange: (value: number | null) => void
  integer?: boolean
  /** The least and the most that is reported; what lies beyond stays in the box, marked as wrong. */
  range?: readonly [number, number]
  placeholder?: string
  'aria-describedby'?: string
  'aria-invalid'?: true
  'aria-label'?: string
}

/** A number as it is typed: half-written ones (`-`, `1.`) stay in the box and are not reported. */
export function NumberInput({
  value,
  onChange,
  integer = false,
  range,
  ...rest
}: NumberInputProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const read = (text: string) => (integer ? Math.trunc(Number(text)) : Number(text))
  const fits = (number: number) =>
    Number.isFinite(number) && (!range || (number >= range[0] && number <= range[1]))
  const take = (text: string) => {
    setTyped(text)
    if (text.trim() === '') onChange(null)
    else if (fits(read(text))) onChange(read(text))
  }
  const wrong = Boolean(range && typed?.trim() && !fits(read(typed)))
  return (
    <TextInput
      {...rest}
      {...(wrong ? { 'aria-invalid': true } : {})}
      className="tabular"
      inputMode={integer ? 'numeric' : 'decimal'}
      value={typed ?? (value === null ? '' : String(value))}
      onChange={(event) => {
        take(event.target.value)
      }}
      onBlur={() => {
        setTyped(null)
      }}
    />
  )
}
