import { Switch as Base } from '@base-ui/react/switch'

interface SwitchProps {
  id?: string
  checked: boolean
  onChange: (checked: boolean) => void
  'aria-label'?: string
  'aria-describedby'?: string
}

export function Switch({ checked, onChange, ...rest }: SwitchProps) {
  return (
    <Base.Root
      {...rest}
      className="switch"
      checked={checked}
      onCheckedChange={(next) => {
        onChange(next)
      }}
    >
      <Base.Thumb className="switch__thumb" />
    </Base.Root>
  )
}
