import { expect, it } from 'vitest'
import type { Schema } from '@/graph/schema'
import { resolve } from '@/graph/schema'
import { controlFor } from './control'

const CASES: [string, Schema][] = [
  ['text', { type: 'string' }],
  ['long', { type: 'string', 'x-widget': 'long' }],
  ['template', { type: 'string', 'x-kind': 'template', 'x-widget': 'long' }],
  [
    'template',
    { anyOf: [{ type: 'string', 'x-kind': 'template' }, { type: 'null' }], 'x-widget': 'long' },
  ],
  ['expression', { anyOf: [{ type: 'string', 'x-kind': 'expression' }, { type: 'null' }] }],
  [
    'model',
    { anyOf: [{ type: 'string' }, { type: 'null' }], 'x-kind': 'text', 'x-widget': 'model' },
  ],
  ['credential', { type: 'string', 'x-widget': 'credential' }],
  ['duration', { anyOf: [{ type: 'number' }, { type: 'null' }], 'x-widget': 'duration' }],
  ['number', { anyOf: [{ type: 'number', maximum: 2 }, { type: 'null' }] }],
  ['integer', { type: 'integer' }],
  ['boolean', { type: 'boolean' }],
  ['choice', { type: 'string', enum: ['all', 'any'], 'x-kind': 'text' }],
  ['tools', { type: 'array', items: { type: 'string' }, 'x-kind': 'text', 'x-widget': 'tools' }],
  ['schema', { anyOf: [{ type: 'object' }, { type: 'null' }], 'x-widget': 'schema' }],
  ['workflow', { type: 'string', 'x-widget': 'workflow' }],
  ['body', { default: null, 'x-kind': 'template', 'x-widget': 'long' }],
  ['rows', { type: 'array', items: { $ref: '#/$defs/Case' }, 'x-widget': 'of_a_package' }],
  ['options', { type: 'array', items: { type: 'string', enum: ['a', 'b'] } }],
  ['integers', { anyOf: [{ type: 'array', items: { type: 'integer' } }, { type: 'null' }] }],
  ['strings', { type: 'array', items: { type: 'string' } }],
  ['rows', { anyOf: [{ type: 'array', items: { $ref: '#/$defs/Case' } }, { type: 'null' }] }],
  ['map', { type: 'object', additionalProperties: { type: 'string', 'x-kind': 'expression' } }],
  ['group', { $ref: '#/$defs/Case' }],
  ['json', { type: 'object' }],
  ['json', { anyOf: [{ type: 'string' }, { type: 'number' }] }],
]

const root: Schema = {
  $defs: { Case: { type: 'object', properties: { name: { type: 'string' } } } },
}

it.each(CASES)('a field is drawn as %s for %j', (control, schema) => {
  expect(controlFor(resolve(schema, root))).toBe(control)
})
