import type { Json } from '@/graph/json'
import { isObject, omit } from '@/graph/json'
import type { Problem } from '@/graph/problems'
import { severityOf } from '@/graph/problems'
import type { Schema } from '@/graph/schema'
import { resolve, titleOf } from '@/graph/schema'
import { Field, TextArea, TextInput } from '@/ui/Field'
import { NumberInput } from '@/ui/NumberInput'
import { Select } from '@/ui/Select'
import { Switch } from '@/ui/Switch'
import { CodeField } from '../code/CodeField'
import { CredentialPicker } from '../CredentialPicker'
import { ModelPicker } from '../ModelPicker'
import { controlFor } from './control'
import { JsonField } from './JsonField'
import { MapField, RowsField, StringsField } from './lists'
import { SchemaForm } from './SchemaForm'

export interface SchemaFieldProps {
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

/** One field of a config, as its schema says: label, control, help, and what is wrong with it. */
export function SchemaField(props: SchemaFieldProps) {
  const { name, schema, root, required = false, problems = [] } = props
  const target = resolve(schema, root)
  const label = props.label ?? titleOf(name, target)
  const control = controlFor(target)
  return (
    <Field
      label={
        <>
          {label}
          {required ? <span className="field__required"> required</span> : null}
        </>
      }
      hint={target.description}
      error={problems.map((problem) => problem.message).join(' ') || undefined}
      severity={severityOf(problems) ?? 'error'}
    >
      {(ids) => <ControlOf {...props} {...ids} schema={target} label={label} control={control} />}
    </Field>
  )
}

type ControlProps = SchemaFieldProps & {
  id: string
  label: string
  control: ReturnType<typeof controlFor>
  'aria-describedby'?: string
  'aria-invalid'?: true
}

function ControlOf({ control, ...props }: ControlProps) {
  const { schema, root, value, label, onChange, id } = props
  const aria = {
    id,
    ...(props['aria-describedby'] ? { 'aria-describedby': props['aria-describedby'] } : {}),
    ...(props['aria-invalid'] ? { 'aria-invalid': props['aria-invalid'] } : {}),
  }
  const text =
    typeof value === 'string'
      ? value
      : value === undefined || value === null
        ? ''
        : JSON.stringify(value)
  const setText = (next: string) => {
    onChange(next === '' ? undefined : next)
  }
  const placeholder =
    schema.default === undefined || schema.default === null ? '' : say(schema.default)
  switch (control) {
    case 'text':
      return (
        <TextInput
          {...aria}
          value={text}
          placeholder={placeholder}
          onChange={(event) => {
            setText(event.target.value)
          }}
        />
      )
    case 'long':
      return (
        <TextArea
          {...aria}
          value={text}
          placeholder={placeholder}
          onChange={(event) => {
            setText(event.target.value)
          }}
        />
      )
    case 'template':
    case 'expression':
      return (
        <CodeField
          {...aria}
          kind={control}
          label={label}
          value={text}
          placeholder={placeholder}
          onChange={setText}
        />
      )
    case 'number':
    case 'integer':
    case 'duration':
      return (
        <NumberInput
          {...aria}
          integer={control === 'integer'}
          placeholder={placeholder}
          value={typeof value === 'number' ? value : null}
          onChange={(next) => {
            onChange(next ?? undefined)
          }}
        />
      )
    case 'boolean':
      return (
        <Switch
          {...aria}
          checked={value === true || (value === undefined && schema.default === true)}
          onChange={onChange}
        />
      )
    case 'choice':
      return <ChoiceControl {...props} />
    case 'model':
      return <ModelPicker {...aria} value={text} onChange={setText} />
    case 'credential':
      return <CredentialPicker {...aria} value={text} onChange={setText} />
    case 'strings':
      return (
        <StringsField
          label={label}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        />
      )
    case 'rows':
      return (
        <RowsField
          label={label}
          items={schema.items ?? {}}
          root={root}
          value={Array.isArray(value) ? value : []}
          problems={props.problems ?? []}
          onChange={onChange}
        />
      )
    case 'map':
      return (
        <MapField
          label={label}
          item={typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {}}
          root={root}
          value={isObject(value) ? (value as Record<string, Json>) : {}}
          onChange={onChange}
        />
      )
    case 'group': {
      const group = isObject(value) ? (value as Record<string, Json>) : {}
      return (
        <div className="form__group">
          <SchemaForm
            schema={{ ...schema, ...(root.$defs ? { $defs: root.$defs } : {}) }}
            value={group}
            onChange={(field, next) => {
              const after = next === undefined ? omit(group, field) : { ...group, [field]: next }
              onChange(Object.keys(after).length === 0 ? undefined : after)
            }}
          />
        </div>
      )
    }
    case 'json':
      return <JsonField {...aria} label={label} value={value} onChange={onChange} />
  }
}

function ChoiceControl({
  id,
  schema,
  value,
  label,
  required,
  onChange,
}: Omit<ControlProps, 'control'>) {
  const options = (schema.enum ?? []).map((each) => ({ value: say(each), label: say(each) }))
  const none = required
    ? []
    : [{ value: '', label: schema.default ? `Default (${say(schema.default)})` : 'Not set' }]
  return (
    <Select
      id={id}
      aria-label={label}
      value={value === undefined ? '' : say(value)}
      choices={[...none, ...options]}
      onChange={(next) => {
        onChange(schema.enum?.find((each) => say(each) === next))
      }}
    />
  )
}

const say = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))
