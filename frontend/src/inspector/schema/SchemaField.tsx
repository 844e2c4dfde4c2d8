import type { Json } from '@/graph/json'
import type { Problem } from '@/graph/problems'
import { severityOf } from '@/graph/problems'
import type { Schema } from '@/graph/schema'
import { resolve, titleOf } from '@/graph/schema'
import { Field } from '@/ui/Field'
import { controlFor } from './control'
import { CONTROLS } from './controls'

interface SchemaFieldProps {
  name: string
  schema: Schema
  /** The schema that `$ref`s are looked up in. */
  root: Schema
  required?: boolean
  value: Json | undefined
  problems?: readonly Problem[]
  /** Instead of the schema's own title. */
  label?: string
  onChange: (value: Json | undefined) => void
}

const NONE: readonly Problem[] = []

/** One field of a config, as its schema says: label, control, help, and what is wrong with it. */
export function SchemaField(props: SchemaFieldProps) {
  const { name, root, required = false, value, problems = NONE, onChange } = props
  const schema = resolve(props.schema, root)
  const label = props.label ?? titleOf(name, schema)
  const Control = CONTROLS[controlFor(schema)]
  return (
    <Field
      label={
        <>
          {label}
          {required ? <span className="field__required"> required</span> : null}
        </>
      }
      hint={schema.description}
      error={problems.map((problem) => problem.message).join(' ') || undefined}
      severity={severityOf(problems) ?? 'error'}
    >
      {(aria) => (
        <Control {...{ aria, label, schema, root, required, value, problems, onChange }} />
      )}
    </Field>
  )
}
