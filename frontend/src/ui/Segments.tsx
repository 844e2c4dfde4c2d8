import type { Choice } from './Select'

interface SegmentsProps<Value extends string> {
  label: string
  value: Value
  choices: readonly Choice<Value>[]
  onChange: (value: Value) => void
}

/** A few choices side by side, one of them taken. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { label, value, choices, onChange } = props
  return (
    <div className="segments" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          className="segments__one"
          aria-pressed={choice.value === value}
          onClick={() => {
            onChange(choice.value)
          }}
        >
          {choice.label}
        </button>
      ))}
    </div>
  )
}
