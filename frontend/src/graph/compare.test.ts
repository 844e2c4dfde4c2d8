import { expect, it } from 'vitest'
import { graphOf, node } from '@/testing/graphs'
import { compare, wordsFor } from './compare'
import type { Graph } from './document'

const before = graphOf([node('a'), node('b')], 'a>b')
const moved = { ...node('b'), position: { x: 40, y: 0 } }
const asking = node('b', 'agent', { prompt: 'Why?' })

const CASES: [string, Graph, string][] = [
  ['nothing', graphOf([node('a'), node('b')], 'a>b'), 'Same as the draft'],
  ['places', graphOf([node('a'), moved], 'a>b'), 'Laid out differently'],
  [
    'a new node with its edge',
    graphOf([node('a'), node('b'), node('c')], 'a>b', 'b>c'),
    '1 node more',
  ],
  ['nodes that are gone', graphOf([], ''), '2 nodes fewer'],
  ['a config', graphOf([node('a'), asking], 'a>b'), '1 node changed'],
  ['one node for another', graphOf([node('c'), asking], 'c>b'), '1 node more, 1 fewer, 1 changed'],
  ['an edge', graphOf([node('a'), node('b')]), 'Other edges'],
  ['settings', { ...before, settings: { timeout_s: 9 } }, 'Other settings'],
  ['a config and an edge', graphOf([node('a'), asking], 'b>a'), '1 node changed, other edges'],
]

it.each(CASES)('a change of %s is told', (_, after, words) => {
  expect(wordsFor(compare(before, after))).toBe(words)
})
