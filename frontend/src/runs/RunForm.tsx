import { Play } from 'lucide-react'
import { askedFor } from '@/graph/inputs'
import { SchemaField } from '@/inspector/schema/SchemaField'
import type { Json, JsonObject } from '@/graph/json'
import { omit } from '@/graph/json'
import type { Schema } from '@/graph/schema'
import { Button } from '@/ui/Button'
import { Keys } from '@/ui/signs'

/** Text that a workflow asks for is mostly prose: its box grows with it. */
const roomy = (schema: Schema): Schema =>
  schema.type === 'string' && !schema.enum ? { 'x-widget': 'long', ...schema } : schema

interface RunFormProps {
  inputs: Schema | undefined
  value: JsonObject
  errors: Record<string, string>
  busy: boolean
  onChange: (value: JsonObject) => void
  onRun: () => void
}

/** What a run is to be given, as the workflow's inputs ask for it. */
export function RunForm({ inputs, value, errors, busy, onChange, onRun }: RunFormProps) {
  const entries = askedFor(inputs)
  const set = (name: string, next: Json | undefined) => {
    onChange(next === undefined ? omit(value, name) : { ...value, [name]: next })
  }
  return (
    <form
      className="run-form"
      aria-label="Input of the run"
      onSubmit={(event) => {
        event.preventDefault()
        onRun()
      }}
    >
      <div className="run-form__fields">
        {entries.length === 0 ? (
          <p className="muted">
            This workflow asks for no input. Inputs are added in the inspector while nothing is
            selected.
          </p>
        ) : null}
        {entries.map(([name, schema]) => (
          <SchemaField
            key={name}
            name={name}
            schema={roomy(schema)}
            root={inputs ?? {}}
            required={inputs?.required?.includes(name) ?? false}
            value={value[name]}
            problems={
              errors[name]
                ? [{ code: 'invalid_input', message: errors[name], severity: 'error' }]
                : []
            }
            onChange={(next) => {
              set(name, next)
            }}
          />
        ))}
      </div>
      <Button type="submit" variant="primary" busy={busy} icon={<Play size={14} />}>
        Run the draft <Keys keys="Mod+↵" />
      </Button>
    </form>
  )
}
