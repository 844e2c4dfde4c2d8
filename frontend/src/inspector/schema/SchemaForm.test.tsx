import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it } from 'vitest'
import { omit } from '@/graph/json'
import type { JsonObject } from '@/graph/json'
import type { Problem } from '@/graph/problems'
import type { Schema } from '@/graph/schema'
import { SchemaForm } from './SchemaForm'

const SCHEMA: Schema = {
  type: 'object',
  required: ['name'],
  $defs: {
    Header: { type: 'object', properties: { name: { type: 'string', title: 'Header' } } },
  },
  properties: {
    name: { type: 'string', title: 'Name' },
    retries: {
      anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }],
      default: null,
      title: 'Retries',
    },
    loud: { type: 'boolean', title: 'Loud', default: false },
    mode: { type: 'string', enum: ['all', 'any'], default: 'all', title: 'Mode' },
    headers: { type: 'array', items: { $ref: '#/$defs/Header' }, title: 'Headers' },
    tags: { type: 'array', items: { type: 'string' }, title: 'Tags' },
    rarely: { type: 'string', title: 'Rarely set' },
  },
}

/** The form around a value that its edits change; `current()` gives it. */
function setUp(start: JsonObject, problems: Problem[] = []) {
  let value = start
  function Harness() {
    const [held, setHeld] = useState(start)
    value = held
    return (
      <SchemaForm
        schema={SCHEMA}
        value={held}
        problems={problems}
        onChange={(field, next) => {
          setHeld((before) =>
            next === undefined ? omit(before, field) : { ...before, [field]: next },
          )
        }}
      />
    )
  }
  render(<Harness />)
  return { user: userEvent.setup(), current: () => value }
}

it('text is typed into its field, and an emptied one is taken out of the config', async () => {
  const { user, current } = setUp({})
  await user.type(screen.getByLabelText(/^Name/), 'Ada')
  expect(current()).toEqual({ name: 'Ada' })

  await user.clear(screen.getByLabelText(/^Name/))
  expect(current()).toEqual({})
})

it('a number is a number, and half a number is not reported', async () => {
  const { user, current } = setUp({})
  await user.type(screen.getByLabelText('Retries'), '-')
  expect(current()).toEqual({})

  await user.type(screen.getByLabelText('Retries'), '3')
  expect(current()).toEqual({ retries: -3 })
})

it('a switch is switched', async () => {
  const { user, current } = setUp({})
  await user.click(screen.getByRole('switch', { name: 'Loud' }))

  expect(current()).toEqual({ loud: true })
})

it('rows are added, filled in and removed', async () => {
  const { user, current } = setUp({ headers: [{ name: 'one' }] })
  const list = screen.getByRole('list', { name: 'Headers' })
  await user.click(screen.getAllByRole('button', { name: 'Add' })[0] ?? list)
  const [, second] = within(list).getAllByLabelText('Header')
  await user.type(second ?? list, 'two')
  expect(current()).toEqual({ headers: [{ name: 'one' }, { name: 'two' }] })

  await user.click(within(list).getByRole('button', { name: 'Remove row 1' }))
  expect(current()).toEqual({ headers: [{ name: 'two' }] })
})

it('a problem is told at its field', () => {
  setUp({}, [
    { code: 'missing_config', message: 'A name is needed.', field: 'name', severity: 'error' },
  ])
  const field = screen.getByLabelText(/^Name/)

  expect(field).toBeInvalid()
  expect(field).toHaveAccessibleDescription('A name is needed.')
})

it('what is rarely set is folded away, unless it is set', async () => {
  const { user } = setUp({})
  expect(screen.queryByLabelText('Rarely set')).not.toBeInTheDocument()

  await user.click(screen.getByRole('button', { name: '1 more settings' }))
  expect(screen.getByLabelText('Rarely set')).toBeInTheDocument()
})

it('a set field is never folded away', () => {
  setUp({ rarely: 'yes' })

  expect(screen.getByLabelText('Rarely set')).toHaveValue('yes')
})
