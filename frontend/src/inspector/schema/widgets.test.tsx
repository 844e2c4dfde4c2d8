import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it } from 'vitest'
import type { Json } from '@/graph/json'
import type { Schema } from '@/graph/schema'
import { SchemaField } from './SchemaField'

/** The field around a value that its edits change; `current()` gives it. */
function setUp(schema: Schema, start?: Json) {
  let value: Json | undefined = start
  function Harness() {
    const [held, setHeld] = useState(start)
    value = held
    return <SchemaField name="field" schema={schema} root={{}} value={held} onChange={setHeld} />
  }
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Harness />
    </QueryClientProvider>,
  )
  return { user: userEvent.setup(), current: () => value }
}

const TOOLS: Schema = {
  type: 'array',
  title: 'Tools',
  items: { type: 'string' },
  'x-widget': 'tools',
}

it('tools are typed one after the other, each once, and removed', async () => {
  const { user, current } = setUp(TOOLS)
  await user.type(screen.getByLabelText('Tools'), 'search{Enter}get_weather,search{Enter}')
  expect(current()).toEqual(['search', 'get_weather'])

  await user.click(screen.getByRole('button', { name: 'Remove search' }))
  expect(current()).toEqual(['get_weather'])
})

it('an emptied list of tools is taken out of the config', async () => {
  const { user, current } = setUp(TOOLS, ['search'])
  await user.type(screen.getByLabelText('Tools'), '{Backspace}')

  expect(current()).toBeUndefined()
})

it('a number beyond its limits is not taken', async () => {
  const items = { type: 'integer', minimum: 100, maximum: 599 }
  const { user, current } = setUp({ type: 'array', title: 'Statuses', items })
  await user.type(screen.getByLabelText('Statuses'), '201{Enter}700{Enter}')

  expect(current()).toEqual([201])
  expect(screen.getByLabelText('Statuses')).toBeInvalid()
})

it('options are taken and left, in the order of the schema', async () => {
  const items = { type: 'string', enum: ['timeout', 'content_filter'] }
  const { user, current } = setUp({ type: 'array', title: 'Go on for', items }, ['content_filter'])
  await user.click(screen.getByRole('button', { name: 'timeout' }))
  expect(current()).toEqual(['timeout', 'content_filter'])

  await user.click(screen.getByRole('button', { name: 'content_filter' }))
  expect(current()).toEqual(['timeout'])
})

const ANSWER: Schema = { type: 'object', title: 'Answer', 'x-widget': 'schema' }

it('a schema is written as rows of fields, which are required unless said otherwise', async () => {
  const { user, current } = setUp(ANSWER)
  await user.click(screen.getByRole('button', { name: 'Add a field' }))
  await user.clear(screen.getByLabelText('Name of the field'))
  await user.type(screen.getByLabelText('Name of the field'), 'score')
  await user.click(screen.getByRole('combobox', { name: 'Type of score' }))
  await user.click(await screen.findByRole('option', { name: 'Number' }))

  expect(current()).toEqual({
    type: 'object',
    properties: { score: { type: 'number' } },
    required: ['score'],
  })
})

it('a schema that rows cannot say is shown as it is written', () => {
  setUp(ANSWER, { anyOf: [{ type: 'object' }, { type: 'array' }] })

  expect(screen.getByRole('button', { name: 'JSON Schema' })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  expect(screen.queryByRole('button', { name: 'Add a field' })).not.toBeInTheDocument()
})

const BODY: Schema = { title: 'Body', 'x-kind': 'template' }

it.each([
  ['JSON', { a: 1 }],
  ['Text', 'Dear {{ input.name }}'],
])('a body is opened as %s where it is that', (form, value) => {
  setUp(BODY, value)

  expect(screen.getByRole('button', { name: form })).toHaveAttribute('aria-pressed', 'true')
})

it('a body that does not parse yet is not reported', () => {
  const { current } = setUp(BODY)
  const write = (text: string) => {
    fireEvent.change(screen.getByRole('textbox'), { target: { value: text } })
  }
  write('{"a": 1')
  expect(current()).toBeUndefined()
  write('{"a": 1}')
  expect(current()).toEqual({ a: 1 })
})
