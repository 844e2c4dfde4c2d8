import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'

export interface Choice<Value extends string> {
  value: Value
  label: string
}

interface SelectProps<Value extends string> {
  id?: string
  value: Value
  choices: readonly Choice<Value>[]
  onChange: (value: Value) => void
  'aria-label'?: string
  'aria-describedby'?: string
}

export function Select<Value extends string>({
  id,
  value,
  choices,
  onChange,
  ...aria
}: SelectProps<Value>) {
  return (
    <Base.Root
      items={choices}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next as Value)
      }}
    >
      <Base.Trigger id={id} className="select" {...aria}>
        <Base.Value className="select__value" />
        <Base.Icon>
          <ChevronDown size={14} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="popup-layer" sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className="popup">
            <Base.List>
              {choices.map((choice) => (
                <Base.Item key={choice.value} value={choice.value} className="option">
                  <Base.ItemText className="option__text">{choice.label}</Base.ItemText>
                  <Base.ItemIndicator>
                    <Check size={14} />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
