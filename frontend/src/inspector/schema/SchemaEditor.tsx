import { useState } from 'react'
import { fieldsOf, isFlat, schemaOf } from '@/graph/inputs'
import type { Json } from '@/graph/json'
import { isObject } from '@/graph/json'
import type { Schema } from '@/graph/schema'
import { Segments } from '@/ui/Segments'
import { InputsEditor } from '../InputsEditor'
import { JsonField } from './JsonField'

interface SchemaEditorProps {
  id: string
  label: string
  value: Json | undefined
  onChange: (value: Json | undefined) => void
}

type Form = 'fields' | 'json'

/** A JSON Schema of an object: as a list of its fields, or as it is written. */
export function SchemaEditor({ id, label, value, onChange }: SchemaEditorProps) {
  const schema = isObject(value) ? (value as Schema) : undefined
  const [form, setForm] = useState<Form>(isFlat(schema) ? 'fields' : 'json')
  return (
    <>
      <Segments<Form>
        label={`Form of ${label.toLowerCase()}`}
        value={form}
        choices={[
          { value: 'fields', label: 'Fields' },
          { value: 'json', label: 'JSON Schema' },
        ]}
        onChange={setForm}
      />
      {form === 'fields' ? (
        <InputsEditor
          noun="field"
          fields={fieldsOf(schema)}
          onChange={(fields) => {
            onChange(fields.length > 0 ? (schemaOf(fields, schema) as Json) : undefined)
          }}
        />
      ) : (
        <JsonField id={id} label={label} value={value ?? undefined} onChange={onChange} />
      )}
    </>
  )
}
