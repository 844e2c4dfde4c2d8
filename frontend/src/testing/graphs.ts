import type { Catalogue, NodeType } from '@/graph/catalogue'
import { makeCatalogue } from '@/graph/catalogue'
import type { Graph, GraphEdge, GraphNode } from '@/graph/document'
import type { JsonObject } from '@/graph/json'

const port = (name: string, type = 'any') => ({ name, type, label: name })

const base = {
  version: 1,
  help: '',
  icon: 'box',
  effect: 'pure',
  inputs: [port('in')],
  outputs: [port('out')],
}

const TYPES: NodeType[] = [
  { ...base, type: 'input', group: 'flow', label: 'Input', inputs: [], config_schema: {} },
  {
    ...base,
    type: 'agent',
    group: 'AI',
    label: 'Agent',
    effect: 'read',
    outputs: [port('out', 'text')],
    summary: '{model}: {prompt}',
    config_schema: {
      type: 'object',
      required: ['prompt'],
      properties: {
        model: { anyOf: [{ type: 'string' }, { type: 'null' }], 'x-kind': 'text' },
        prompt: { type: 'string', 'x-kind': 'template', 'x-widget': 'long' },
      },
    },
  },
  {
    ...base,
    type: 'condition',
    group: 'flow',
    label: 'Condition',
    outputs: [port('true'), port('false')],
    output_rule: { field: 'cases', name: 'name', then: ['default'] },
    config_schema: { type: 'object', properties: { expression: { type: 'string' } } },
  },
  {
    ...base,
    type: 'sum',
    group: 'data',
    label: 'Sum',
    inputs: [port('in', 'number')],
    config_schema: {},
  },
]

/** Node types for tests: an input, an agent, a condition, and one that takes numbers only. */
export const CATALOGUE: Catalogue = makeCatalogue(TYPES)

export const node = (id: string, type = 'agent', config: JsonObject = {}): GraphNode => ({
  id,
  type,
  v: 1,
  label: id.toUpperCase(),
  position: { x: 0, y: 0 },
  config,
})

/** A graph of nodes and of edges written `a>b`, or `a.port>b`. */
export function graphOf(nodes: GraphNode[], ...edges: string[]): Graph {
  return { schema: 1, nodes, edges: edges.map(edgeOf), settings: {}, notes: [] }
}

function edgeOf(text: string): GraphEdge {
  const [from = '', target = ''] = text.split('>')
  const [source = '', sourcePort] = from.split('.')
  return { source, target, ...(sourcePort ? { source_port: sourcePort } : {}) }
}
