import { describe, expect, it } from 'vitest'
import { graphOf, node } from '@/testing/graphs'
import { completionsFor, holeAt } from './completion'
import { scopeAt } from './scope'

const graph = {
  ...graphOf(
    [
      node('research', 'agent', {
        output_schema: {
          type: 'object',
          properties: { text: { type: 'string' }, score: { type: 'number' } },
        },
      }),
      node('write'),
      node('aside'),
    ],
    'research>write',
  ),
  inputs: { type: 'object', properties: { topic: { type: 'string' } } },
}
const outputs = new Map([['research', { text: 'x', score: 1 }]])
const scope = scopeAt(graph, 'write', outputs)
const functions = [
  { name: 'lower', help: 'In small letters.' },
  { name: 'size', help: 'How many there are.' },
]
const complete = (before: string) => completionsFor(scope, functions, before)
const labels = (before: string) => complete(before)?.options.map(({ label }) => label)

describe('completion offers', () => {
  it('the roots and the functions at the start of a word', () => {
    expect(labels('')).toEqual(['input', 'nodes', 'vars', 'has', 'lower', 'size'])
  })

  it('the inputs of the workflow', () => {
    expect(labels('input.')).toEqual(['topic'])
  })

  it('the nodes that come before this one, and no others', () => {
    expect(labels('1 + nodes.')).toEqual(['research'])
  })

  it('the fields of a node’s output, with what can be done to them', () => {
    expect(labels('nodes.research.')).toEqual([
      ...['text', 'score'],
      ...['map', 'filter', 'exists', 'exists_one', 'all', 'lower', 'size'],
    ])
  })

  it('nothing inside a text', () => {
    expect(labels('input.topic == "no')).toBeUndefined()
  })
})

it('a function is offered with its help', () => {
  expect(complete('siz')?.options.at(-1)).toEqual({
    label: 'size',
    detail: 'How many there are.',
    kind: 'function',
  })
})

it('a word is completed from where it began', () => {
  expect(complete('input.to')?.from).toBe(6)
})

it('a template is completed inside its braces only', () => {
  expect(holeAt('Hello {{ input.', 15)).toBe(8)
  expect(holeAt('Hello {{ input.topic }} and', 27)).toBeNull()
  expect(holeAt('Hello', 5)).toBeNull()
})

it('inside a split its item is offered, with the fields that items had', () => {
  const regions = [{ kind: 'split', opener: 'research', members: ['write'], closers: [] }] as const
  const seen = new Map([['research', [{ name: 'Ada', age: 36 }]]])
  const inside = scopeAt(graph, 'write', seen, regions)

  expect(inside.map(({ name }) => name)).toEqual(['input', 'nodes', 'vars', 'item', 'index'])
  expect(inside[3]?.below.map(({ name }) => name)).toEqual(['name', 'age'])
})

it('inside a loop its pass is offered', () => {
  const regions = [
    { kind: 'loop', opener: 'research', members: ['research', 'write'], closers: [] },
  ] as const
  const inside = scopeAt(graph, 'write', new Map(), regions)

  expect(inside.map(({ name }) => name)).toEqual(['input', 'nodes', 'vars', 'iteration'])
})
