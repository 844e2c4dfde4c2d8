import { rereference } from './commands'
import type { Fragment, Graph, GraphEdge, GraphNode, Note, Position } from './document'
import { rounded } from './document'
import { idFrom } from './ids'
import { isObject } from './json'
import { notesOf } from './notes'

export function copy(
  graph: Graph,
  ids: ReadonlySet<string>,
  notes: ReadonlySet<string> = new Set(),
): Fragment {
  return {
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    edges: graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
    notes: notesOf(graph).filter((note) => notes.has(note.id)),
  }
}

/** `fragment` as it would lie in `graph`: with ids of its own, and its top left corner at `at`. */
export function place(graph: Graph, fragment: Fragment, at: Position): Fragment {
  const ids = idsIn(graph.nodes, fragment.nodes)
  const noteIds = idsIn(notesOf(graph), fragment.notes)
  const corner = cornerOf(fragment)
  const moved = (from: Position | undefined) =>
    rounded({ x: (from?.x ?? 0) - corner.x + at.x, y: (from?.y ?? 0) - corner.y + at.y })
  return {
    nodes: fragment.nodes.map((node) => ({
      ...node,
      id: ids[node.id] ?? node.id,
      position: moved(node.position),
      config: rereference(node.config ?? {}, ids) as GraphNode['config'] & object,
    })),
    edges: fragment.edges.map((edge) => ({
      ...edge,
      source: ids[edge.source] ?? edge.source,
      target: ids[edge.target] ?? edge.target,
    })),
    notes: fragment.notes.map((note) => ({
      ...note,
      id: noteIds[note.id] ?? note.id,
      position: moved(note.position),
    })),
  }
}

/** A new id for each of `coming`, unlike those of `there` and of each other. */
function idsIn(
  there: readonly { id: string }[],
  coming: readonly { id: string }[],
): Record<string, string> {
  const taken = new Set(there.map(({ id }) => id))
  const ids: Record<string, string> = {}
  for (const { id: old } of coming) {
    const id = idFrom(old.replace(/_\d+$/, ''), taken)
    taken.add(id)
    ids[old] = id
  }
  return ids
}

export function cornerOf({ nodes, notes }: Fragment): Position {
  const xs = [...nodes, ...notes].map(({ position }) => position?.x ?? 0)
  const ys = [...nodes, ...notes].map(({ position }) => position?.y ?? 0)
  return { x: Math.min(...xs, Infinity), y: Math.min(...ys, Infinity) }
}

export const asText = (fragment: Fragment): string =>
  JSON.stringify({ wireloom: 'fragment', ...fragment }, null, 2)

/** The fragment in a clipboard's text, or null where it holds something else. */
export function fromText(text: string): Fragment | null {
  try {
    const value: unknown = JSON.parse(text)
    if (!isObject(value) || value.wireloom !== 'fragment') return null
    const { nodes, edges, notes } = value
    if (!Array.isArray(nodes) || !Array.isArray(edges) || !Array.isArray(notes)) return null
    return { nodes, edges, notes } as { nodes: GraphNode[]; edges: GraphEdge[]; notes: Note[] }
  } catch {
    return null
  }
}
