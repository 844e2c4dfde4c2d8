import { expect, it } from 'vitest'
import { graphOf, node } from '@/testing/graphs'
import { startOf } from './part'

const graph = graphOf(
  [
    node('read'),
    { ...node('ask'), pin: { output: 'pinned' } },
    node('write'),
    node('send', 'agent', { prompt: '{{ nodes.read }}' }),
  ],
  'read>ask',
  'ask>write',
  'write>send',
)
const outputs = new Map([
  ['read', 'a page'],
  ['ask', 'an answer'],
  ['write', 'a text'],
])

it('the whole is asked for by saying nothing', () => {
  expect(startOf({ kind: 'all' }, graph, outputs)).toEqual({})
})

it('all up to a node runs anew', () => {
  expect(startOf({ kind: 'until', node: 'write' }, graph, outputs)).toEqual({ until: 'write' })
})

it('one node alone is given what its parents gave, and what its expressions name', () => {
  expect(startOf({ kind: 'only', node: 'send' }, graph, outputs)).toEqual({
    only: 'send',
    pins: { read: 'a page', write: 'a text' },
  })
})

it('what is pinned in the draft stays as it is there', () => {
  expect(startOf({ kind: 'only', node: 'write' }, graph, outputs)).toEqual({ only: 'write' })
})

it('from a node on, what never ran is left to the server', () => {
  expect(startOf({ kind: 'from', node: 'ask' }, graph, new Map())).toEqual({ from: 'ask' })
})

it('of a split that ends before it, a node is given what was collected, not one of the items', () => {
  const regions = [{ kind: 'split', opener: 'ask', members: ['write'], closers: [] }] as const

  expect(startOf({ kind: 'only', node: 'send' }, graph, outputs, regions)).toEqual({
    only: 'send',
    pins: { read: 'a page' },
  })
})
