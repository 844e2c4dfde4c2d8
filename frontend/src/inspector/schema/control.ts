import type { Schema } from '@/graph/schema'

/** How a config field is drawn. */
export type Control =
  | 'text'
  | 'long'
  | 'number'
  | 'integer'
  | 'duration'
  | 'boolean'
  | 'choice'
  | 'template'
  | 'expression'
  | 'json'
  | 'model'
  | 'credential'
  | 'tools'
  | 'schema'
  | 'workflow'
  | 'body'
  | 'strings'
  | 'integers'
  | 'options'
  | 'rows'
  | 'map'
  | 'group'

/** The control for a schema without references or `null` alternatives; JSON where nothing finer fits. */
export function controlFor(schema: Schema): Control {
  const widget = schema['x-widget']
  const type = Array.isArray(schema.type)
    ? schema.type.find((each) => each !== 'null')
    : schema.type
  if (widget && isControl(widget)) return widget
  if (schema.enum) return 'choice'
  switch (type) {
    case 'string':
      return textual(schema)
    case 'number':
    case 'integer':
    case 'boolean':
      return type
    case 'array':
      return listed(schema.items)
    case 'object':
      return objectual(schema)
    default:
      return untyped(schema)
  }
}

/** Widgets that are controls of their own. Another one, of a later server or a package, is drawn by its shape. */
const WIDGETS = [
  'model',
  'credential',
  'duration',
  'json',
  'tools',
  'schema',
  'workflow',
] as const satisfies Control[]

const isControl = (widget: string): widget is (typeof WIDGETS)[number] =>
  (WIDGETS as readonly string[]).includes(widget)

function textual(schema: Schema): Control {
  const kind = schema['x-kind']
  if (kind === 'template' || kind === 'expression') return kind
  return schema['x-widget'] === 'long' ? 'long' : 'text'
}

/** A template without a type may be text, or JSON with templates in it. */
function untyped(schema: Schema): Control {
  if (schema['x-kind'] === 'template') return 'body'
  return schema['x-kind'] ? textual(schema) : 'json'
}

function listed(items: Schema | undefined): Control {
  if (items?.properties ?? items?.$ref) return 'rows'
  if (items?.enum) return 'options'
  if (items?.type === 'integer') return 'integers'
  return items?.type === 'string' ? 'strings' : 'json'
}

function objectual(schema: Schema): Control {
  if (schema.properties && Object.keys(schema.properties).length > 0) return 'group'
  return typeof schema.additionalProperties === 'object' ? 'map' : 'json'
}
