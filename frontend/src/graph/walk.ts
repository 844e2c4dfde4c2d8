import type { Graph, GraphEdge, GraphNode } from './document'

type Neighbours = ReadonlyMap<string, readonly string[]>

const forward = (edge: GraphEdge) => !edge.loop

function collect(graph: Graph, from: 'source' | 'target', to: 'source' | 'target'): Neighbours {
  const found = new Map<string, string[]>()
  for (const edge of graph.edges.filter(forward)) {
    found.set(edge[from], [...(found.get(edge[from]) ?? []), edge[to]])
  }
  return found
}

export const parentsOf = (graph: Graph, id: string): string[] =>
  unique(graph.edges.filter((edge) => edge.target === id).map((edge) => edge.source))

export const childrenOf = (graph: Graph, id: string): string[] =>
  unique(graph.edges.filter((edge) => edge.source === id).map((edge) => edge.target))

const unique = (ids: string[]) => [...new Set(ids)]

/** Every node from which `id` can be reached, without itself, loop edges aside. */
export function ancestorsOf(graph: Graph, id: string): Set<string> {
  return reach(collect(graph, 'target', 'source'), id)
}

/** Every node that `id` leads to, without itself, loop edges aside. */
export function descendantsOf(graph: Graph, id: string): Set<string> {
  return reach(collect(graph, 'source', 'target'), id)
}

function reach(neighbours: Neighbours, start: string): Set<string> {
  const seen = new Set<string>()
  const left = [...(neighbours.get(start) ?? [])]
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    left.push(...(neighbours.get(id) ?? []))
  }
  return seen
}

/** Parents before children, in document order where that leaves a choice; nodes of a cycle come last. */
export function inOrder(graph: Graph): GraphNode[] {
  const children = collect(graph, 'source', 'target')
  const waiting = new Map(graph.nodes.map((node) => [node.id, 0]))
  for (const targets of children.values()) {
    for (const id of targets) waiting.set(id, (waiting.get(id) ?? 0) + 1)
  }
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const queue = graph.nodes.filter((node) => waiting.get(node.id) === 0)
  const sorted: GraphNode[] = []
  for (let node = queue.shift(); node; node = queue.shift()) {
    sorted.push(node)
    for (const id of children.get(node.id) ?? []) {
      const left = (waiting.get(id) ?? 0) - 1
      waiting.set(id, left)
      const child = byId.get(id)
      if (left === 0 && child) queue.push(child)
    }
  }
  const done = new Set(sorted)
  return [...sorted, ...graph.nodes.filter((node) => !done.has(node))]
}
