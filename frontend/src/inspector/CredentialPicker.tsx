import { useCredentials } from '@/api/settings'
import { Select } from '@/ui/Select'

interface CredentialPickerProps {
  id?: string
  value: string
  onChange: (name: string) => void
  'aria-describedby'?: string
}

export function CredentialPicker({ value, onChange, ...rest }: CredentialPickerProps) {
  const { data } = useCredentials()
  const names = new Set([
    ...(data?.results.map(({ name }) => name) ?? []),
    ...(value ? [value] : []),
  ])
  const choices = [...names].map((name) => ({ value: name, label: name }))
  return (
    <Select
      {...rest}
      value={value}
      choices={[{ value: '', label: 'The provider’s default' }, ...choices]}
      onChange={onChange}
    />
  )
}
