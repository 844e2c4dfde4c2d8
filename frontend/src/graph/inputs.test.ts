import { expect, it } from 'vitest'
import type { InputField } from './inputs'
import { askedFor, fieldsOf, missingInputs, schemaOf, withDefaults } from './inputs'

const schema = {
  type: 'object',
  properties: {
    topic: { type: 'string', title: 'Topic', default: 'Tides' },
    tone: { type: 'string', enum: ['warm', 'dry'], description: 'How it sounds' },
    words: { type: 'integer' },
  },
  required: ['topic'],
}

it('an inputs schema is read and written back whole', () => {
  expect(schemaOf(fieldsOf(schema), schema)).toEqual(schema)
})

it('inputs are asked for as the required ones are listed, and then the rest', () => {
  const stored = {
    properties: { aim: {}, most: {}, product: {}, tone: {} },
    required: ['product', 'gone', 'most'],
  }

  expect(askedFor(stored).map(([name]) => name)).toEqual(['product', 'most', 'aim', 'tone'])
  expect(askedFor(undefined)).toEqual([])
})

it('the order of what is required outlasts an edit of a field, and a new name', () => {
  const stored = {
    type: 'object',
    properties: { aim: { type: 'string' }, most: { type: 'number' }, product: { type: 'string' } },
    required: ['product', 'most'],
  }
  const asking = (change: (field: InputField) => InputField) =>
    schemaOf(fieldsOf(stored).map(change), stored).required

  expect(asking((field) => ({ ...field, description: 'What for' }))).toEqual(['product', 'most'])
  expect(asking((field) => ({ ...field, required: true }))).toEqual(['product', 'most', 'aim'])
  expect(
    asking((field) => (field.name === 'product' ? { ...field, name: 'thing' } : field)),
  ).toEqual(['thing', 'most'])
})

it('fields are told by their type', () => {
  expect(fieldsOf(schema)).toEqual([
    { name: 'topic', type: 'text', required: true, description: '', choices: [] },
    {
      name: 'tone',
      type: 'choice',
      required: false,
      description: 'How it sounds',
      choices: ['warm', 'dry'],
    },
    { name: 'words', type: 'integer', required: false, description: '', choices: [] },
  ])
})

it('a required input without a value is asked for', () => {
  expect(missingInputs(schema, { words: 3 })).toEqual({ topic: 'This input is needed for a run.' })
  expect(missingInputs(schema, { topic: 'x' })).toEqual({})
})

it('an input without a value begins with its default', () => {
  expect(withDefaults(schema, { words: 3 })).toEqual({ topic: 'Tides', words: 3 })
  expect(withDefaults(schema, { topic: 'Winds' })).toEqual({ topic: 'Winds' })
})
