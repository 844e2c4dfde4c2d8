import type { JsonObject } from './json'
import { omit } from './json'
import type { Schema } from './schema'

export type InputType =
  'text' | 'long' | 'number' | 'integer' | 'boolean' | 'choice' | 'list' | 'object'

/** One input that a workflow asks for, as a row of the inputs editor. */
export interface InputField {
  name: string
  type: InputType
  required: boolean
  description: string
  choices: string[]
}

const SCHEMA_TYPES: Record<InputType, Schema> = {
  text: { type: 'string' },
  long: { type: 'string', 'x-widget': 'long' },
  number: { type: 'number' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  choice: { type: 'string', enum: [] },
  list: { type: 'array' },
  object: { type: 'object' },
}

/**
 * What a workflow asks for, in the order to ask: what is required as `required` names it, then the rest.
 *
 * `properties` tells no order: a stored document has its keys sorted.
 */
export function askedFor({ properties = {}, required = [] }: Schema = {}): [string, Schema][] {
  const first = required.flatMap((name): [string, Schema][] => {
    const schema = properties[name]
    return schema ? [[name, schema]] : []
  })
  return [...first, ...Object.entries(properties).filter(([name]) => !required.includes(name))]
}

export function fieldsOf(inputs: Schema | undefined): InputField[] {
  return Object.entries(inputs?.properties ?? {}).map(([name, schema]) => ({
    name,
    type: typeOf(schema),
    required: inputs?.required?.includes(name) ?? false,
    description: schema.description ?? '',
    choices: (schema.enum ?? []).map(String),
  }))
}

function typeOf(schema: Schema): InputType {
  if (schema.enum) return 'choice'
  if (schema['x-widget'] === 'long') return 'long'
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  const known = { number: 'number', integer: 'integer', boolean: 'boolean' } as const
  if (type === 'array') return 'list'
  if (type === 'object') return 'object'
  return known[type as keyof typeof known] ?? 'text'
}

/** Whether rows can say all of a schema's own level: it is an object with named fields, or nothing yet. */
export function isFlat(schema: Schema | undefined): boolean {
  if (!schema) return true
  return schema.type === 'object' && !schema.anyOf && !schema.oneOf && !schema.$ref
}

/** The inputs schema that `fields` describe; what `before` says of a field beyond them is kept. */
export function schemaOf(fields: readonly InputField[], before: Schema = {}): Schema {
  const properties = fields.map((field): [string, Schema] => {
    const kept = omit(before.properties?.[field.name] ?? {}, 'description', 'enum', 'x-widget')
    return [
      field.name,
      {
        ...kept,
        ...SCHEMA_TYPES[field.type],
        ...(field.type === 'choice' ? { enum: field.choices } : {}),
        ...(field.description ? { description: field.description } : {}),
      },
    ]
  })
  return {
    ...before,
    type: 'object',
    properties: Object.fromEntries(properties),
    required: ordered(
      fields.filter((field) => field.required).map((field) => field.name),
      before.required,
    ),
  }
}

/** `names` in the order that they had `before`; a new one takes the place of one that is gone, as in a rename. */
function ordered(names: readonly string[], before: readonly string[] = []): string[] {
  const fresh = names.filter((name) => !before.includes(name))
  const placed = before.flatMap((name) => (names.includes(name) ? name : (fresh.shift() ?? [])))
  return [...placed, ...fresh]
}

/** `values`, with the default that the schema names for each input that has none. */
export function withDefaults(inputs: Schema | undefined, values: JsonObject): JsonObject {
  const defaults = Object.entries(inputs?.properties ?? {}).flatMap(([name, { default: value }]) =>
    value === undefined || value === null ? [] : [[name, value] as const],
  )
  return { ...Object.fromEntries(defaults), ...values }
}

/** What stands in the way of a run: a sentence for each required input without a value. */
export function missingInputs(
  inputs: Schema | undefined,
  values: JsonObject,
): Record<string, string> {
  const missing = (inputs?.required ?? []).filter((name) => {
    const value = values[name]
    return value === undefined || value === null || value === ''
  })
  return Object.fromEntries(missing.map((name) => [name, 'This input is needed for a run.']))
}
