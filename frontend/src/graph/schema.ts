import type { Json } from './json'
import { omit } from './json'

export type TextKind = 'text' | 'template' | 'expression'
/** The part of JSON Schema that configs and workflow inputs are written in. */
export interface Schema {
  type?: string | string[]
  title?: string
  description?: string
  default?: Json
  enum?: Json[]
  const?: Json
  format?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  $ref?: string
  $defs?: Record<string, Schema>
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  examples?: Json[]
  'x-kind'?: TextKind
  /** What draws it, where its shape does not say: `model`, `tools`, `long` … */
  'x-widget'?: string
}

/** `schema` without a reference at its top, and without a `null` alternative: `nullable` tells of it. */
export function resolve(schema: Schema, root: Schema): Schema & { nullable: boolean } {
  const target = schema.$ref ? follow(schema.$ref, root) : schema
  const merged = { ...target, ...omit(schema, '$ref') }
  const choices = merged.anyOf ?? merged.oneOf
  const others = choices?.filter((choice) => choice.type !== 'null')
  const nullable = choices !== undefined && others?.length !== choices.length
  if (!others || others.length !== 1 || !others[0]) return { ...merged, nullable }
  return { ...resolve(others[0], root), ...omit(merged, 'anyOf', 'oneOf'), nullable }
}

function follow(ref: string, root: Schema): Schema {
  return root.$defs?.[ref.replace('#/$defs/', '')] ?? {}
}

/** `max_tokens` → `Max tokens`. */
export function titleOf(name: string, schema: Schema): string {
  if (schema.title) return schema.title
  const words = name.replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
