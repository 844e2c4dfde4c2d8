import { rereference } from './commands'
import type { Graph, GraphEdge, GraphNode, Position } from './document'
import { idFrom } from './ids'
import { isObject } from './json'

/** Nodes with the edges between them, as they travel between workflows. */
export interface Fragment {
  nodes: readonly GraphNode[]
  edges: readonly GraphEdge[]
}

export function copy(graph: Graph, ids: ReadonlySet<string>): Fragment {
  return {
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    edges: graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
  }
}

/** `fragment` as it would lie in `graph`: with ids of its own, and its top left corner at `at`. */
export function place(graph: Graph, fragment: Fragment, at: Position): Fragment {
  const taken = new Set(graph.nodes.map((node) => node.id))
  const ids: Record<string, string> = {}
  for (const node of fragment.nodes) {
    const id = idFrom(node.id.replace(/_\d+$/, ''), taken)
    taken.add(id)
    ids[node.id] = id
  }
  const corner = cornerOf(fragment)
  return {
    nodes: fragment.nodes.map((node) => ({
      ...node,
      id: ids[node.id] ?? node.id,
      position: {
        x: Math.round((node.position?.x ?? 0) - corner.x + at.x),
        y: Math.round((node.position?.y ?? 0) - corner.y + at.y),
      },
      config: rereference(node.config ?? {}, ids) as GraphNode['config'] & object,
    })),
    edges: fragment.edges.map((edge) => ({
      ...edge,
      source: ids[edge.source] ?? edge.source,
      target: ids[edge.target] ?? edge.target,
    })),
  }
}

export function cornerOf(fragment: Fragment): Position {
  const xs = fragment.nodes.map((node) => node.position?.x ?? 0)
  const ys = fragment.nodes.map((node) => node.position?.y ?? 0)
  return { x: Math.min(...xs, Infinity), y: Math.min(...ys, Infinity) }
}

export const asText = (fragment: Fragment): string =>
  JSON.stringify({ wireloom: 'fragment', ...fragment }, null, 2)

/** The fragment in a clipboard's text, or null where it holds something else. */
export function fromText(text: string): Fragment | null {
  try {
    const value: unknown = JSON.parse(text)
    if (!isObject(value) || value.wireloom !== 'fragment') return null
    if (!Array.isArray(value.nodes) || !Array.isArray(value.edges)) return null
    return { nodes: value.nodes as GraphNode[], edges: value.edges as GraphEdge[] }
  } catch {
    return null
  }
}
