import { expect, it } from 'vitest'
import type { NodeType } from '@/graph/catalogue'
import type { Graph, Note } from '@/graph/document'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import { createEditor } from './editorStore'
import { freeSpot } from './freeSpot'
import type { Placeable } from './nodeItems'

const sheet: Note = { id: 's', text: '', position: { x: 0, y: 100 }, width: 600, height: 200 }
const graph: Graph = { ...graphOf([node('a', 'sum')]), notes: [sheet] }
const sum = CATALOGUE.get('sum') as NodeType

const spot = (what: Placeable, x: number, y: number) =>
  freeSpot(createEditor('w1', { name: '', graph }, CATALOGUE).getState(), what, { x, y })

it('what is free already is taken as it is', () => {
  expect(spot(sum, 300, 0)).toEqual({ x: 300, y: 0 })
  expect(spot('note', 700, 0)).toEqual({ x: 700, y: 0 })
})

it('a card goes below cards, and onto notes', () => {
  expect(spot(sum, 10, 0)).toEqual({ x: 10, y: 120 })
})

it('a note goes below cards and notes', () => {
  expect(spot('note', 10, 0)).toEqual({ x: 10, y: 320 })
})
