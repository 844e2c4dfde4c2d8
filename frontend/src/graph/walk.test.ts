import { expect, it } from 'vitest'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import { outlineOf } from './outline'
import { ancestorsOf, descendantsOf, inOrder } from './walk'

const graph = graphOf(
  [node('end'), node('start', 'input'), node('left'), node('right')],
  'start>left',
  'start>right',
  'left>end',
  'right>end',
)

it('parents come before children', () => {
  expect(inOrder(graph).map(({ id }) => id)).toEqual(['start', 'left', 'right', 'end'])
})

it('a cycle is walked once, and its nodes come last', () => {
  const round = graphOf([node('a'), node('b'), node('c')], 'a>b', 'b>a')

  expect(inOrder(round).map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  expect([...ancestorsOf(round, 'a')].sort()).toEqual(['a', 'b'])
})

it('what comes before and after a node is found over any distance', () => {
  expect([...ancestorsOf(graph, 'end')].sort()).toEqual(['left', 'right', 'start'])
  expect([...descendantsOf(graph, 'start')].sort()).toEqual(['end', 'left', 'right'])
})

it('the outline tells the order, the depth and the neighbours', () => {
  expect(outlineOf(graph, CATALOGUE)[3]).toEqual({
    id: 'end',
    label: 'END',
    type: 'Agent',
    depth: 2,
    after: ['LEFT', 'RIGHT'],
    before: [],
  })
})
