import type { ComponentProps } from 'react'
import { useState } from 'react'
import { TextInput } from './Field'

interface NameInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  value: string
  /** Whether what is typed can be the name. Until it can, it stays in the box and is not reported. */
  accepts: (name: string) => boolean
  onChange: (name: string) => void
}

/** A name as it is typed; leaving the box with what cannot be one brings the old name back. */
export function NameInput({ value, accepts, onChange, ...rest }: NameInputProps) {
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <TextInput
      {...rest}
      value={typed ?? value}
      onChange={(event) => {
        const name = event.target.value
        setTyped(name === '' || !accepts(name) ? name : null)
        if (name !== '' && accepts(name)) onChange(name)
      }}
      onBlur={() => {
        setTyped(null)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}
