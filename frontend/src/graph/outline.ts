import type { Catalogue } from './catalogue'
import { typeLabel } from './commands'
import type { Graph } from './document'
import { labelOf, nodeOf, sourceOf } from './document'
import { inOrder } from './walk'

/** One node of the graph told as a line of a list, for those who do not see the canvas. */
export interface OutlineRow {
  id: string
  label: string
  type: string
  /** How many nodes the longest way to it has before it. */
  depth: number
  after: string[]
  before: string[]
}

export function outlineOf(graph: Graph, catalogue: Catalogue): OutlineRow[] {
  const depths = new Map<string, number>()
  return inOrder(graph).map((node) => {
    const coming = graph.edges.filter((edge) => edge.target === node.id && !edge.loop)
    const going = graph.edges.filter((edge) => edge.source === node.id)
    const depth = Math.max(0, ...coming.map((edge) => (depths.get(edge.source) ?? -1) + 1))
    depths.set(node.id, depth)
    return {
      id: node.id,
      label: labelOf(node),
      type: typeLabel(node, catalogue),
      depth,
      after: coming.map((edge) => withPort(named(graph, edge.source), sourceOf(edge).port)),
      before: going.map((edge) => withPort(named(graph, edge.target), sourceOf(edge).port)),
    }
  })
}

function named(graph: Graph, id: string): string {
  const node = nodeOf(graph, id)
  return node ? labelOf(node) : id
}

const withPort = (label: string, port: string) => (port === 'out' ? label : `${label} (${port})`)
