import type { Json } from '@/graph/json'

interface OptionsFieldProps {
  label: string
  options: readonly Json[]
  value: readonly Json[]
  onChange: (value: Json | undefined) => void
}

/** A few options, any of which may be taken; they are kept in the schema's order. */
export function OptionsField({ label, options, value, onChange }: OptionsFieldProps) {
  const toggle = (option: Json) => {
    const taken = options.filter((each) => value.includes(each) !== (each === option))
    onChange(taken.length > 0 ? taken : undefined)
  }
  return (
    <div className="options" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={String(option)}
          type="button"
          className="options__one"
          aria-pressed={value.includes(option)}
          onClick={() => {
            toggle(option)
          }}
        >
          {String(option)}
        </button>
      ))}
    </div>
  )
}
