import type { Graph } from '@/graph/document'
import { labelOf } from '@/graph/document'
import { summaryOf } from '@/graph/catalogue'
import type { Region, Regions } from '@/graph/regions'
import { limitSign, passLimit } from '@/graph/regions'
import type { FlowNode } from './flow'
import { CARD_WIDTH, cardHeight } from './geometry'

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** Where a region lies on the canvas, in its pixels. */
export interface Area {
  region: Region
  label: string
  x: number
  y: number
  width: number
  height: number
  /** The height at which the edges of a loop lead back, below all that it repeats. */
  lane: number
}

/** Room for the line of figures that a run writes under a card. */
const FIGURES = 22
const LABEL = 36
const SIDES = { loop: 36, split: 22 } as const
const LANE = 20
const BELOW = { loop: LANE + 18, split: 16 } as const

/** The areas of regions whose nodes are there, outer ones first: each holds its cards and the areas within it. */
export function areasOf(regions: Regions, graph: Graph, nodes: readonly FlowNode[]): Area[] {
  if (regions.length === 0) return []
  const cards = new Map(nodes.map((node) => [node.id, node]))
  const found: { area: Area; box: Box }[] = []
  for (const region of regions.toReversed()) {
    const held = region.members.flatMap((id) => cards.get(id) ?? [])
    if (held.length === 0) continue
    const members = new Set(region.members)
    const within = found.filter(({ area }) => isWithin(area.region, members))
    const content = around([...held.map(boxOf), ...within.map(({ box }) => box)])
    const side = SIDES[region.kind]
    const box = {
      left: content.left - side,
      top: content.top - LABEL,
      right: content.right + side,
      bottom: content.bottom + BELOW[region.kind],
    }
    const area: Area = {
      region,
      label: labelFor(region, graph, cards.get(region.opener)),
      x: box.left,
      y: box.top,
      width: box.right - box.left,
      height: box.bottom - box.top,
      lane: content.bottom + LANE,
    }
    found.unshift({ area, box })
  }
  return found.map(({ area }) => area)
}

const isWithin = (inner: Region, members: ReadonlySet<string>) =>
  inner.members.every((id) => members.has(id))

function boxOf({ position: { x, y }, data }: FlowNode): Box {
  const bottom = y + cardHeight(data.type, data.outputs) + FIGURES
  return { left: x, top: y, right: x + CARD_WIDTH, bottom }
}

const around = (boxes: readonly Box[]): Box => ({
  left: Math.min(...boxes.map(({ left }) => left)),
  top: Math.min(...boxes.map(({ top }) => top)),
  right: Math.max(...boxes.map(({ right }) => right)),
  bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
})

function labelFor(region: Region, graph: Graph, opener: FlowNode | undefined): string {
  if (region.kind === 'loop') return `loop ${limitSign(passLimit(graph, region.opener))}`
  if (!opener) return 'each item'
  const { node, type } = opener.data
  return summaryOf(node, type) || labelOf(node)
}
