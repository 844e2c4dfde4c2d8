import { describe, expect, it } from 'vitest'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import type { Verdict } from './connect'
import { canConnect, matchingPort, targetsFor } from './connect'

const graph = graphOf(
  [node('start', 'input'), node('ask'), node('check', 'condition'), node('sum', 'sum')],
  'start>ask',
  'ask>check',
)

const between = (source: string, target: string, port = 'out'): Verdict =>
  canConnect(
    graph,
    { source: { node: source, port }, target: { node: target, port: 'in' } },
    CATALOGUE,
  )

const codeOf = (verdict: Verdict) => (verdict.ok ? 'ok' : verdict.code)

describe('an edge may be drawn', () => {
  it('between ports whose types fit', () => {
    expect(between('start', 'check')).toEqual({ ok: true })
  })

  it('into a second branch of a condition', () => {
    expect(between('check', 'sum', 'true')).toEqual({ ok: true })
  })

  it('from the error port, which every node has', () => {
    expect(codeOf(between('ask', 'sum', 'error'))).toBe('incompatible_types')
    expect(between('start', 'check', 'error')).toEqual({ ok: true })
  })
})

describe('an edge is refused, with the reason', () => {
  it.each([
    ['to itself', () => between('ask', 'ask'), 'self_loop', 'A node cannot feed itself.'],
    ['twice', () => between('start', 'ask'), 'duplicate_edge', 'These two are connected already.'],
    [
      'of text into a number',
      () => between('ask', 'sum'),
      'incompatible_types',
      'SUM wants number, not text.',
    ],
    [
      'into a node without inputs',
      () => between('ask', 'start'),
      'unknown_port',
      'START takes no input.',
    ],
    [
      'from a port that is not there',
      () => between('ask', 'sum', 'maybe'),
      'unknown_port',
      'ASK has no output “maybe”.',
    ],
    [
      'to a node that is gone',
      () => between('ask', 'gone'),
      'unknown_node',
      'One end is not on the canvas any more.',
    ],
  ])('%s', (_, draw, code, reason) => {
    expect(draw()).toEqual({ ok: false, code, reason })
  })
})

it('an edge back to where it came from is a loop, of ten passes to begin with', () => {
  expect(between('check', 'ask', 'false')).toEqual({
    ok: true,
    loop: 10,
    words: 'Loop back to ASK, up to 10 times',
  })
})

it('only the ends that a wire may have are offered, those that loop as loops', () => {
  const targets = targetsFor(graph, { node: 'check', port: 'true' }, CATALOGUE)

  expect(targets.map(({ target, loop }) => [target.node, loop])).toEqual([
    ['ask', 10],
    ['sum', undefined],
  ])
})

it('a new node is joined by the first port that fits', () => {
  const sum = CATALOGUE.get('sum')
  const agent = CATALOGUE.get('agent')

  expect(sum && matchingPort(sum, 'text', 'in')).toBeUndefined()
  expect(agent && matchingPort(agent, 'number', 'in')?.name).toBe('in')
})
