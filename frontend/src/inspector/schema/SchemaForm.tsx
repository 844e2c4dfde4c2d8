import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Json, JsonObject } from '@/graph/json'
import type { Problem } from '@/graph/problems'
import { atField } from '@/graph/problems'
import type { Schema } from '@/graph/schema'
import { SchemaField } from './SchemaField'

interface SchemaFormProps {
  schema: Schema
  value: JsonObject
  problems?: readonly Problem[]
  /** `undefined` takes the field away. */
  onChange: (field: string, value: Json | undefined) => void
}

/** As many optional fields as stand open before the rest folds away. */
const OPEN = 5

/** A form drawn from a JSON Schema of an object: what is required first, what is rarely set folded. */
export function SchemaForm({ schema, value, problems = [], onChange }: SchemaFormProps) {
  const [unfolded, setUnfolded] = useState(false)
  const entries = Object.entries(schema.properties ?? {})
  const required = new Set(schema.required)
  const matters = ([name]: [string, Schema]) =>
    required.has(name) || value[name] !== undefined || atField(problems, name).length > 0
  const optional = entries.filter((entry) => !required.has(entry[0]))
  const open = new Set(optional.slice(0, OPEN).map(([name]) => name))
  const shown = entries.filter((entry) => matters(entry) || open.has(entry[0]))
  const folded = entries.filter((entry) => !shown.includes(entry))
  const row = ([name, field]: [string, Schema]) => (
    <SchemaField
      key={name}
      name={name}
      schema={field}
      root={schema}
      required={required.has(name)}
      value={value[name]}
      problems={atField(problems, name)}
      onChange={(next) => {
        onChange(name, next)
      }}
    />
  )
  return (
    <div className="form">
      {shown.map(row)}
      {folded.length > 0 ? (
        <button
          type="button"
          className="form__fold"
          aria-expanded={unfolded}
          onClick={() => {
            setUnfolded(!unfolded)
          }}
        >
          <ChevronRight size={14} />{' '}
          {unfolded ? 'Fewer settings' : `${String(folded.length)} more settings`}
        </button>
      ) : null}
      {unfolded ? folded.map(row) : null}
    </div>
  )
}
