import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it } from 'vitest'
import type { InputField } from '@/graph/inputs'
import { fieldsOf, schemaOf } from '@/graph/inputs'
import type { Schema } from '@/graph/schema'
import { InputsEditor } from './InputsEditor'

function setUp(start: Schema) {
  let schema = start
  function Harness() {
    const [fields, setFields] = useState<InputField[]>(fieldsOf(start))
    schema = schemaOf(fields, start)
    return <InputsEditor fields={fields} onChange={setFields} />
  }
  render(<Harness />)
  return { user: userEvent.setup(), current: () => schema }
}

it('an input is added, named, described and required', async () => {
  const { user, current } = setUp({})
  await user.click(screen.getByRole('button', { name: 'Add an input' }))
  const name = screen.getByLabelText('Name of the input')
  await user.clear(name)
  await user.type(name, 'my topic')
  await user.type(screen.getByLabelText('Description of my_topic'), 'What it is about')
  await user.click(screen.getByRole('switch', { name: 'my_topic is required' }))

  expect(current()).toEqual({
    type: 'object',
    properties: { my_topic: { type: 'string', description: 'What it is about' } },
    required: ['my_topic'],
  })
})

it('an input is removed', async () => {
  const { user, current } = setUp({
    properties: { topic: { type: 'string' } },
    required: ['topic'],
  })
  await user.click(screen.getByRole('button', { name: 'Remove topic' }))

  expect(current()).toEqual({ type: 'object', properties: {}, required: [] })
})
