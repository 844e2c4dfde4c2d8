import { expect, it } from 'vitest'
import { NO_PROBLEMS } from '@/graph/problems'
import type { Regions } from '@/graph/regions'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import type { Area } from './areas'
import { areasOf } from './areas'
import { NOTHING, toFlowNodes } from './flow'

const at = (id: string, x: number, y = 0) => ({ ...node(id), position: { x, y } })
const drawn = graphOf([at('read', 0), at('ask', 400), at('judge', 800, 50), at('send', 1200)])
const graph = {
  ...drawn,
  edges: [
    { source: 'judge', target: 'ask', loop: { max_iterations: 4 } },
    { source: 'read', target: 'ask' },
  ],
}

const areas = (regions: Regions) =>
  areasOf(regions, graph, toFlowNodes([], graph, CATALOGUE, NOTHING, NO_PROBLEMS))

const loop = { kind: 'loop', opener: 'ask', members: ['ask', 'judge'], closers: [] } as const
const split = {
  kind: 'split',
  opener: 'read',
  members: ['ask', 'judge'],
  closers: ['send'],
} as const

const holds = (outer: Area | undefined, inner: Area | undefined) =>
  outer !== undefined &&
  inner !== undefined &&
  outer.x < inner.x &&
  outer.y < inner.y &&
  outer.x + outer.width > inner.x + inner.width &&
  outer.y + outer.height > inner.y + inner.height

it('a loop’s area holds its cards and the lane by which it leads back, and says its limit', () => {
  const [area] = areas([loop])

  expect(area?.label).toBe('loop ≤ 4×')
  expect([area?.x, (area?.x ?? 0) + (area?.width ?? 0)]).toEqual([364, 1076])
  expect(area && area.y < 0 && area.lane > 50 && area.lane < area.y + area.height).toBe(true)
})

it('a split’s area says whose items it does, and holds the areas within it', () => {
  const [outer, inner] = areas([split, loop])

  expect([outer?.label, inner?.label]).toEqual(['READ', 'loop ≤ 4×'])
  expect(holds(outer, inner)).toBe(true)
})

it('what is no longer there has no area', () => {
  expect(areas([{ ...loop, members: ['gone'] }])).toEqual([])
})
