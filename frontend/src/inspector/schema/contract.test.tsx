import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import { MemoryRouter } from 'react-router'
import { expect, it } from 'vitest'
import type { Json, JsonObject } from '@/graph/json'
import { isObject } from '@/graph/json'
import type { Schema } from '@/graph/schema'
import { resolve } from '@/graph/schema'
import { CONFIGS, NODE_TYPES } from '@/testing/contracts'
import { controlFor } from './control'
import { SchemaForm } from './SchemaForm'

function drawn(schema: Schema, value: JsonObject): string[] {
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } })
  const { container } = render(
    <QueryClientProvider client={client}>
      <MemoryRouter>
        <SchemaForm schema={schema} value={value} onChange={() => undefined} />
      </MemoryRouter>
    </QueryClientProvider>,
  )
  const boxes = [...container.querySelectorAll<HTMLInputElement>('input, textarea')]
  return [container.textContent, ...boxes.map((box) => box.value)]
}

/** Every text and number in a config; of a schema, the names of its fields. */
const leavesOf = (value: Json): string[] => {
  if (Array.isArray(value)) return value.flatMap(leavesOf)
  if (isObject(value) && isObject(value.properties)) return Object.keys(value.properties)
  return isObject(value) ? Object.values(value as JsonObject).flatMap(leavesOf) : [String(value)]
}

it('every node type of the catalogue has an example', () => {
  expect(NODE_TYPES.map(({ type }) => type).sort()).toEqual(Object.keys(CONFIGS).sort())
})

it.each(NODE_TYPES)(
  'the fields of $type have controls of their own: none is plain JSON',
  (type) => {
    const { config_schema: schema } = type
    const controls = Object.values(schema.properties ?? {}).map((field) =>
      controlFor(resolve(field, schema)),
    )

    expect(controls).not.toContain('json')
  },
)

it.each(NODE_TYPES)('all that the example of $type says stands in its form', (type) => {
  const config = CONFIGS[type.type] ?? {}
  const shown = drawn(type.config_schema, config)

  const missing = leavesOf(config).filter((leaf) => !shown.some((text) => text.includes(leaf)))
  expect(missing).toEqual([])
})
