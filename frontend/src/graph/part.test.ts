import { expect, it } from 'vitest'
import { graphOf, node } from '@/testing/graphs'
import { startOf } from './part'

const graph = graphOf(
  [node('read'), { ...node('ask'), pin: { output: 'pinned' } }, node('write'), node('send')],
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

it('one node alone is given what the nodes before it gave, pins of the draft aside', () => {
  expect(startOf({ kind: 'only', node: 'send' }, graph, outputs)).toEqual({
    only: 'send',
    pins: { read: 'a page', write: 'a text' },
  })
})

it('from a node on, what never ran is left to the server', () => {
  expect(startOf({ kind: 'from', node: 'ask' }, graph, new Map())).toEqual({ from: 'ask' })
})
