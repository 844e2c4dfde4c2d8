import { expect, it } from 'vitest'
import { fieldsOf, missingInputs, schemaOf, withDefaults } from './inputs'

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
