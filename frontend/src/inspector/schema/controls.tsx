import type { ComponentType } from 'react'
import type { Json, JsonObject } from '@/graph/json'
import { isObject, omit } from '@/graph/json'
import type { Problem } from '@/graph/problems'
import type { Schema } from '@/graph/schema'
import type { Aria } from '@/ui/Field'
import { TextArea, TextInput } from '@/ui/Field'
import { NumberInput } from '@/ui/NumberInput'
import { Select } from '@/ui/Select'
import { Switch } from '@/ui/Switch'
import type { CodeFieldProps } from '../code/CodeField'
import { CodeField } from '../code/CodeField'
import { CredentialPicker } from '../CredentialPicker'
import { ModelPicker } from '../ModelPicker'
import { WorkflowPicker } from '../WorkflowPicker'
import { BodyField } from './BodyField'
import { ChipsField } from './ChipsField'
import type { Control } from './control'
import { JsonField } from './JsonField'
import { MapField, RowsField, StringsField } from './lists'
import { OptionsField } from './OptionsField'
import { SchemaEditor } from './SchemaEditor'
import { SchemaForm } from './SchemaForm'

export interface ControlProps {
  aria: Aria
  label: string
  /** Without references and `null` alternatives. */
  schema: Schema
  root: Schema
  required: boolean
  value: Json | undefined
  problems: readonly Problem[]
  onChange: (value: Json | undefined) => void
}

const say = (value: Json | undefined): string => {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The parts that every control of text shares; emptied text takes the field away. */
const textual = ({ aria, schema, value, onChange }: ControlProps) => ({
  ...aria,
  value: say(value),
  placeholder: say(schema.default),
  onChange: (text: string) => {
    onChange(text === '' ? undefined : text)
  },
})

function TextControl(props: ControlProps) {
  const { onChange, ...rest } = textual(props)
  return (
    <TextInput
      {...rest}
      onChange={(event) => {
        onChange(event.target.value)
      }}
    />
  )
}

function LongControl(props: ControlProps) {
  const { onChange, ...rest } = textual(props)
  return (
    <TextArea
      {...rest}
      onChange={(event) => {
        onChange(event.target.value)
      }}
    />
  )
}

function codeControl(kind: CodeFieldProps['kind']) {
  return function CodeControl(props: ControlProps) {
    const tall = props.schema['x-widget'] === 'long'
    return <CodeField {...textual(props)} kind={kind} label={props.label} tall={tall} />
  }
}

function numberControl(integer: boolean) {
  return function NumberControl({ aria, schema, value, onChange }: ControlProps) {
    return (
      <NumberInput
        {...aria}
        integer={integer}
        placeholder={say(schema.default)}
        value={typeof value === 'number' ? value : null}
        onChange={(next) => {
          onChange(next ?? undefined)
        }}
      />
    )
  }
}

function BooleanControl({ aria, schema, value, onChange }: ControlProps) {
  return <Switch {...aria} checked={(value ?? schema.default) === true} onChange={onChange} />
}

function ChoiceControl({ aria, label, schema, required, value, onChange }: ControlProps) {
  const choices = (schema.enum ?? []).map((each) => ({ value: say(each), label: say(each) }))
  const standard = say(schema.default)
  const none = { value: '', label: standard ? `Default (${standard})` : 'Not set' }
  return (
    <Select
      id={aria.id}
      aria-label={label}
      value={say(value)}
      choices={required ? choices : [none, ...choices]}
      onChange={(next) => {
        onChange(schema.enum?.find((each) => say(each) === next))
      }}
    />
  )
}

const ModelControl = (props: ControlProps) => (
  <ModelPicker {...omit(textual(props), 'placeholder')} />
)

const CredentialControl = (props: ControlProps) => (
  <CredentialPicker {...omit(textual(props), 'placeholder')} />
)

const WorkflowControl = (props: ControlProps) => (
  <WorkflowPicker {...omit(textual(props), 'placeholder')} />
)

const SchemaControl = ({ aria, label, value, onChange }: ControlProps) => (
  <SchemaEditor id={aria.id} label={label} value={value} onChange={onChange} />
)

const BodyControl = ({ aria, label, value, onChange }: ControlProps) => (
  <BodyField aria={aria} label={label} value={value} onChange={onChange} />
)

const asTool = (text: string) => (/^[\w.:/-]+$/.test(text) ? text : null)

function asInteger(text: string, { minimum = -Infinity, maximum = Infinity }: Schema = {}) {
  const n = Number(text)
  return Number.isInteger(n) && n >= minimum && n <= maximum ? n : null
}

const ToolsControl = ({ aria, label, value, onChange }: ControlProps) => (
  <ChipsField
    aria={aria}
    label={label}
    placeholder="Name of a tool"
    value={listOf(value)}
    read={asTool}
    onChange={onChange}
  />
)

const IntegersControl = ({ aria, label, schema, value, onChange }: ControlProps) => (
  <ChipsField
    aria={aria}
    label={label}
    placeholder="Number"
    value={listOf(value)}
    read={(text) => asInteger(text, schema.items)}
    onChange={onChange}
  />
)

const OptionsControl = ({ label, schema, value, onChange }: ControlProps) => (
  <OptionsField
    label={label}
    options={schema.items?.enum ?? []}
    value={listOf(value)}
    onChange={onChange}
  />
)

function StringsControl({ label, value, onChange }: ControlProps) {
  return (
    <StringsField
      label={label}
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={onChange}
    />
  )
}

function RowsControl({ label, schema, root, value, problems, onChange }: ControlProps) {
  return (
    <RowsField
      label={label}
      items={schema.items ?? {}}
      root={root}
      value={Array.isArray(value) ? value : []}
      problems={problems}
      onChange={onChange}
    />
  )
}

function MapControl({ label, schema, root, value, onChange }: ControlProps) {
  const item = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {}
  return (
    <MapField label={label} item={item} root={root} value={objectOf(value)} onChange={onChange} />
  )
}

function GroupControl({ schema, root, value, onChange }: ControlProps) {
  const group = objectOf(value)
  const set = (field: string, next: Json | undefined) => {
    const after = next === undefined ? omit(group, field) : { ...group, [field]: next }
    onChange(Object.keys(after).length === 0 ? undefined : after)
  }
  return (
    <div className="form__group">
      <SchemaForm
        schema={{ ...schema, ...(root.$defs ? { $defs: root.$defs } : {}) }}
        value={group}
        onChange={set}
      />
    </div>
  )
}

function JsonControl({ aria, label, value, onChange }: ControlProps) {
  return <JsonField {...aria} label={label} value={value} onChange={onChange} />
}

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])

const objectOf = (value: Json | undefined): JsonObject =>
  isObject(value) ? (value as JsonObject) : {}

/** The component for each kind of control. */
export const CONTROLS: Readonly<Record<Control, ComponentType<ControlProps>>> = {
  text: TextControl,
  long: LongControl,
  template: codeControl('template'),
  expression: codeControl('expression'),
  number: numberControl(false),
  duration: numberControl(false),
  integer: numberControl(true),
  boolean: BooleanControl,
  choice: ChoiceControl,
  model: ModelControl,
  credential: CredentialControl,
  tools: ToolsControl,
  schema: SchemaControl,
  workflow: WorkflowControl,
  body: BodyControl,
  integers: IntegersControl,
  options: OptionsControl,
  strings: StringsControl,
  rows: RowsControl,
  map: MapControl,
  group: GroupControl,
  json: JsonControl,
}
