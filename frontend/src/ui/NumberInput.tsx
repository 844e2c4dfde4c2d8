import { useState } from 'react'
import { TextInput } from './Field'

interface NumberInputProps {
  id?: string
  value: number | null
  onChange: (value: number | null) => void
  integer?: boolean
  placeholder?: string
  'aria-describedby'?: string
  'aria-invalid'?: true
  'aria-label'?: string
}

/** A number as it is typed: half-written ones (`-`, `1.`) stay in the box and are not reported. */
export function NumberInput({ value, onChange, integer = false, ...rest }: NumberInputProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const take = (text: string) => {
    setTyped(text)
    const number = Number(text)
    if (text.trim() === '') onChange(null)
    else if (Number.isFinite(number)) onChange(integer ? Math.trunc(number) : number)
  }
  return (
    <TextInput
      {...rest}
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
