import type { GraphEdge, GraphNode, PortRef } from './document'
import { nodeOf, sourceOf, type Graph } from './document'
import type { JsonObject } from './json'
import { isObject } from './json'
import type { Schema } from './schema'

export interface Port {
  name: string
  type: string
  label?: string
}

/** Ports that follow a list in the config: one for each item's `name`, then those in `then`. */
export interface OutputRule {
  field: string
  name: string
  then: string[]
}

export interface NodeType {
  type: string
  version: number
  group: string
  label: string
  help: string
  icon: string
  effect: string
  inputs: Port[]
  outputs: Port[]
  output_rule?: OutputRule | null
  summary?: string | null
  config_schema: Schema
  /** Whether nodes of this type may run on this server: code may not where nobody allowed it. */
  allowed?: boolean
}

export type Catalogue = ReadonlyMap<string, NodeType>

const ERROR_PORT: Port = { name: 'error', type: 'object', label: 'Error' }
const EXHAUSTED_PORT: Port = { name: 'exhausted', type: 'any', label: 'Exhausted' }
const UNKNOWN_PORTS: Port[] = [{ name: 'out', type: 'any', label: 'Out' }]

export function makeCatalogue(types: readonly NodeType[]): Catalogue {
  return new Map(types.map((type) => [type.type, type]))
}

/** A node of a type that nobody here knows keeps one input, so that its edges can be drawn. */
export function inputsOf(node: GraphNode, catalogue: Catalogue): Port[] {
  return catalogue.get(node.type)?.inputs ?? [{ name: 'in', type: 'any', label: 'In' }]
}

/** The ports that are drawn: those of the type, those of its rule, `error` where it means something, `exhausted` where a loop ends. */
export function outputsOf(
  node: GraphNode,
  catalogue: Catalogue,
  edges: readonly GraphEdge[] = [],
): Port[] {
  const own = ownOutputs(node, catalogue)
  const used = new Set(
    edges
      .map(sourceOf)
      .filter(from(node.id))
      .map((ref) => ref.port),
  )
  if (edges.some((edge) => edge.source === node.id && edge.loop)) used.add(EXHAUSTED_PORT.name)
  const extra = [ERROR_PORT, EXHAUSTED_PORT].filter((port) => used.has(port.name))
  if (node.policy?.on_error === 'route' && !extra.includes(ERROR_PORT)) extra.unshift(ERROR_PORT)
  return [...own, ...extra.filter((port) => !own.some((each) => each.name === port.name))]
}

const from = (id: string) => (ref: PortRef) => ref.node === id

function ownOutputs(node: GraphNode, catalogue: Catalogue): Port[] {
  const type = catalogue.get(node.type)
  if (!type) return UNKNOWN_PORTS
  const rule = type.output_rule
  const items = rule ? node.config?.[rule.field] : undefined
  if (!rule || !Array.isArray(items) || items.length === 0) return type.outputs
  const names = items.map((item) => (isObject(item) ? item[rule.name] : item))
  return [...names.filter(isName), ...rule.then].map((name) => ({ name, type: 'any', label: name }))
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''

export function portType(graph: Graph, catalogue: Catalogue, ref: PortRef, side: 'in' | 'out') {
  const node = nodeOf(graph, ref.node)
  if (!node) return undefined
  const ports =
    side === 'in'
      ? inputsOf(node, catalogue)
      : [...outputsOf(node, catalogue, graph.edges), ERROR_PORT]
  return ports.find((port) => port.name === ref.port)?.type
}

/** The config that a node of `type` starts with: the defaults that its schema names for required fields. */
export function initialConfig(type: NodeType): JsonObject {
  const { properties = {}, required = [] } = type.config_schema
  return Object.fromEntries(
    required.flatMap((name) => {
      const value = properties[name]?.default
      return value === undefined || value === null ? [] : [[name, value]]
    }),
  )
}

/** The one line of meaning on a card; empty while the fields that it names are. */
export function summaryOf(node: GraphNode, type: NodeType | undefined): string {
  if (!type) return ''
  const pattern = type.summary ?? `{${type.config_schema.required?.[0] ?? ''}}`
  const filled = pattern.replace(/\{(\w*)\}/g, (_, field: string) => say(node.config?.[field]))
  return filled.replace(/^[\s—–:·-]+|[\s—–:·-]+$/g, '').replace(/\s+/g, ' ')
}

function say(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map((item) => nameOf(item)).join(', ')
  return isObject(value)
    ? Object.keys(value).join(', ')
    : String(value as string | number | boolean)
}

const nameOf = (item: unknown) => (isObject(item) ? say(item.name) : say(item))
