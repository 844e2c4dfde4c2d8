import { expect, it } from 'vitest'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import { NO_PROBLEMS } from '@/graph/problems'
import { NOTHING, toFlowNodes } from './flow'
import { CARD_WIDTH } from './geometry'
import { viewportOf } from './viewport'

const row = (count: number) =>
  toFlowNodes(
    [],
    graphOf(
      Array.from({ length: count }, (_, n) => ({
        ...node(`n${String(n)}`),
        position: { x: n * 400, y: 0 },
      })),
    ),
    CATALOGUE,
    NOTHING,
    NO_PROBLEMS,
  )

it('the whole graph is in sight, however long it is', () => {
  const { x, zoom } = viewportOf(row(40), 1200, 800)

  expect(x).toBeGreaterThan(0)
  expect(x + (39 * 400 + CARD_WIDTH) * zoom).toBeLessThan(1200)
})

it('a small graph is not blown up', () => {
  expect(viewportOf(row(1), 1200, 800).zoom).toBe(1)
})

it('on a phone a long graph begins at its left end, large enough to read', () => {
  expect(viewportOf(row(10), 390, 700)).toMatchObject({ x: 24, zoom: 0.52 })
})
