import type { Graph, GraphNode } from './document'
import { edgeId } from './document'
import { omit, sameJson } from './json'

/** What one graph has that another has not. */
export interface Difference {
  added: number
  removed: number
  changed: number
  /** Whether edges differ that both graphs have the nodes for. */
  edges: boolean
  /** Whether inputs, settings or notes do. */
  settings: boolean
  /** Whether nodes stand elsewhere. */
  places: boolean
}

/** How `after` differs from `before`; null where it does not. */
export function compare(before: Graph, after: Graph): Difference | null {
  if (sameJson(before, after)) return null
  const old = byId(before)
  const now = byId(after)
  const both = after.nodes.flatMap((node): [GraphNode, GraphNode][] => {
    const was = old.get(node.id)
    return was ? [[was, node]] : []
  })
  return {
    added: now.size - both.length,
    removed: old.size - both.length,
    changed: both.filter(([a, b]) => !sameJson(unplaced(a), unplaced(b))).length,
    edges: !sameJson(edgesBetween(before, now), edgesBetween(after, old)),
    settings: !sameJson(rest(before), rest(after)),
    places: both.some(([a, b]) => !sameJson(a.position, b.position)),
  }
}

/** A difference as words, the weightiest part first: “1 node more, 2 changed”. */
export function wordsFor(difference: Difference | null): string {
  if (!difference) return 'Same as the draft'
  const { added, removed, changed, edges, settings, places } = difference
  const counts = [
    [added, 'more'],
    [removed, 'fewer'],
    [changed, 'changed'],
  ] as const
  const told = counts.filter(([n]) => n > 0)
  const parts = told.map(([n, verb], index) =>
    index === 0 ? `${String(n)} node${n === 1 ? '' : 's'} ${verb}` : `${String(n)} ${verb}`,
  )
  if (edges) parts.push(parts.length > 0 ? 'other edges' : 'Other edges')
  if (settings) parts.push(parts.length > 0 ? 'other settings' : 'Other settings')
  if (parts.length === 0) return places ? 'Laid out differently' : 'Written differently'
  return parts.join(', ')
}

const byId = (graph: Graph) => new Map(graph.nodes.map((node) => [node.id, node]))

const unplaced = (node: GraphNode) => omit(node, 'position')

const rest = (graph: Graph) => omit(graph, 'nodes', 'edges', 'schema')

function edgesBetween(graph: Graph, others: ReadonlyMap<string, GraphNode>) {
  const kept = graph.edges.filter(({ source, target }) => others.has(source) && others.has(target))
  return Object.fromEntries(kept.map((edge) => [edgeId(edge), edge]))
}
