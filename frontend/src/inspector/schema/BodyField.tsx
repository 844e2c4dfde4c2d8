import { useState } from 'react'
import type { Json } from '@/graph/json'
import type { Aria } from '@/ui/Field'
import { Segments } from '@/ui/Segments'
import { CodeField } from '../code/CodeField'
import { JsonField } from './JsonField'

interface BodyFieldProps {
  aria: Aria
  label: string
  value: Json | undefined
  onChange: (value: Json | undefined) => void
}

type Form = 'json' | 'text'

/** What a request carries: JSON whose texts are templates, or one template. */
export function BodyField({ aria, label, value, onChange }: BodyFieldProps) {
  const [form, setForm] = useState<Form>(typeof value === 'string' ? 'text' : 'json')
  return (
    <>
      <Segments<Form>
        label={`Form of ${label.toLowerCase()}`}
        value={form}
        choices={[
          { value: 'json', label: 'JSON' },
          { value: 'text', label: 'Text' },
        ]}
        onChange={setForm}
      />
      {form === 'json' ? (
        <JsonField id={aria.id} label={label} value={value ?? undefined} onChange={onChange} />
      ) : (
        <CodeField
          {...aria}
          kind="template"
          tall
          label={label}
          value={typeof value === 'string' ? value : ''}
          onChange={(text) => {
            onChange(text === '' ? undefined : text)
          }}
        />
      )}
    </>
  )
}
