import type { Json, JsonObject } from './json'
import type { Schema } from './schema'

export interface Position {
  x: number
  y: number
}

export type OnError = 'fail' | 'continue' | 'route'

export interface Policy {
  timeout_s?: number | null
  max_attempts?: number | null
  on_error?: OnError
  default?: Json
  on_interrupt?: string
}

export interface GraphNode {
  id: string
  type: string
  v?: number
  label?: string
  position?: Position
  config?: JsonObject
  policy?: Policy
  /** What it gives without running, while the workflow is drafted. */
  pin?: { output: Json }
}

export interface GraphEdge {
  source: string
  source_port?: string
  target: string
  target_port?: string
  context?: boolean
  loop?: { max_iterations?: number }
}

export interface GraphSettings {
  timeout_s?: number | null
  max_concurrency?: number | null
  max_cost_usd?: number | null
  default_model?: string | null
  variables?: JsonObject
}

/** A sticky note on the canvas. It runs nothing. */
export interface Note {
  id: string
  text: string
  position: Position
  width: number
  height: number
}

/** The workflow document. Never changed in place: an edit makes a new one. */
export interface Graph {
  schema: number
  inputs?: Schema
  nodes: readonly GraphNode[]
  edges: readonly GraphEdge[]
  settings?: GraphSettings
  notes?: readonly Note[]
}

/** All that a person edits of a workflow, and so all that undo covers. */
export interface Draft {
  name: string
  graph: Graph
}

/** A part of a graph, as it travels between workflows: nodes, the edges between them, notes. */
export type Fragment = Required<Pick<Graph, 'nodes' | 'edges' | 'notes'>>

/** One end of an edge: a node's port. */
export interface PortRef {
  node: string
  port: string
}

export const EMPTY_GRAPH: Graph = { schema: 1, nodes: [], edges: [], settings: {}, notes: [] }

export const sourceOf = (edge: GraphEdge): PortRef => ({
  node: edge.source,
  port: edge.source_port ?? 'out',
})

export const targetOf = (edge: GraphEdge): PortRef => ({
  node: edge.target,
  port: edge.target_port ?? 'in',
})

/** What tells one edge from another: its two ends. */
export function edgeId(edge: GraphEdge): string {
  const [source, target] = [sourceOf(edge), targetOf(edge)]
  return `${source.node}.${source.port}→${target.node}.${target.port}`
}

export function nodeOf(graph: Graph, id: string): GraphNode | undefined {
  return graph.nodes.find((node) => node.id === id)
}

/** A place in whole pixels, as documents hold it. */
export const rounded = ({ x, y }: Position): Position => ({ x: Math.round(x), y: Math.round(y) })

export const labelOf = (node: GraphNode): string => node.label || node.id

/** The edge between two ports, with the default ports left out, as documents are written. */
export function makeEdge(source: PortRef, target: PortRef): GraphEdge {
  return {
    source: source.node,
    ...(source.port === 'out' ? {} : { source_port: source.port }),
    target: target.node,
    ...(target.port === 'in' ? {} : { target_port: target.port }),
  }
}
