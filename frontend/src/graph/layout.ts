import { Graph as DagreGraph, layout } from '@dagrejs/dagre'
import type { Position } from './document'

export interface Box {
  id: string
  width: number
  height: number
}

export interface Link {
  source: string
  target: string
}

/** Where each box goes, left to right, parents before children: top left corners. */
export function arrange(boxes: readonly Box[], links: readonly Link[]): Map<string, Position> {
  const graph = new DagreGraph()
  graph.setGraph({ rankdir: 'LR', nodesep: 36, ranksep: 72, marginx: 0, marginy: 0 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const box of boxes) graph.setNode(box.id, { width: box.width, height: box.height })
  for (const link of links) graph.setEdge(link.source, link.target)
  layout(graph)
  return new Map(
    boxes.map((box) => {
      const { x = 0, y = 0 } = graph.node(box.id) as Partial<Position>
      return [box.id, { x: Math.round(x - box.width / 2), y: Math.round(y - box.height / 2) }]
    }),
  )
}
