import type { Catalogue, NodeType } from './catalogue'
import { initialConfig } from './catalogue'
import type {
  Draft,
  Graph,
  GraphEdge,
  GraphNode,
  GraphSettings,
  Policy,
  Position,
} from './document'
import { edgeId, makeEdge, nodeOf } from './document'
import type { Command } from './history'
import { idFrom, labelFrom } from './ids'
import type { Json } from './json'
import { filled, mapStrings, omit, sameJson } from './json'
import type { DraftEdge } from './connect'
import type { Schema } from './schema'

function onGraph(name: string, change: (graph: Graph) => Graph, merge?: string): Command {
  return {
    name,
    ...(merge ? { merge } : {}),
    apply: (draft) => {
      const graph = change(draft.graph)
      return graph === draft.graph ? draft : { ...draft, graph }
    },
  }
}

function onNode(graph: Graph, id: string, change: (node: GraphNode) => GraphNode): Graph {
  const node = nodeOf(graph, id)
  const next = node && change(node)
  if (!next || next === node) return graph
  return { ...graph, nodes: graph.nodes.map((each) => (each === node ? next : each)) }
}

/** A new node of `type`, named unlike the others in `graph`. */
export function newNode(graph: Graph, type: NodeType, position: Position): GraphNode {
  const label = labelFrom(type.label, new Set(graph.nodes.map((node) => node.label ?? '')))
  return {
    id: idFrom(label, new Set(graph.nodes.map((node) => node.id))),
    type: type.type,
    v: type.version,
    label,
    position: rounded(position),
    config: initialConfig(type),
  }
}

export const addNode = (node: GraphNode, ...edges: GraphEdge[]): Command =>
  onGraph(`add ${node.label ?? node.id}`, (graph) => ({
    ...graph,
    nodes: [...graph.nodes, node],
    edges: [...graph.edges, ...edges],
  }))

export const addFragment = (nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Command =>
  onGraph(`paste ${count(nodes.length, 'node')}`, (graph) =>
    nodes.length === 0
      ? graph
      : { ...graph, nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] },
  )

/** Takes nodes away with the edges that touch them, and edges by themselves. */
export function remove(nodes: ReadonlySet<string>, edges: ReadonlySet<string>): Command {
  const name = nodes.size > 0 ? count(nodes.size, 'node') : count(edges.size, 'edge')
  const stays = (edge: GraphEdge) =>
    !nodes.has(edge.source) && !nodes.has(edge.target) && !edges.has(edgeId(edge))
  return onGraph(`delete ${name}`, (graph) =>
    nodes.size + edges.size === 0
      ? graph
      : {
          ...graph,
          nodes: graph.nodes.filter((node) => !nodes.has(node.id)),
          edges: graph.edges.filter(stays),
        },
  )
}

export const connect = (draft: DraftEdge): Command =>
  onGraph(draft.loop ? 'loop back' : 'connect', (graph) => ({
    ...graph,
    edges: [
      ...graph.edges,
      {
        ...makeEdge(draft.source, draft.target),
        ...(draft.loop ? { loop: { max_iterations: draft.loop } } : {}),
      },
    ],
  }))

/** Moves nodes to where `positions` says; `name` tells a drag from a layout. */
export function move(
  positions: ReadonlyMap<string, Position>,
  { name, merge }: { name?: string; merge?: string } = {},
): Command {
  const moved = (node: GraphNode): GraphNode => {
    const to = positions.get(node.id)
    return !to || sameJson(rounded(to), node.position) ? node : { ...node, position: rounded(to) }
  }
  return onGraph(
    name ?? `move ${count(positions.size, 'node')}`,
    (graph) => {
      const nodes = graph.nodes.map(moved)
      return nodes.every((node, index) => node === graph.nodes[index]) ? graph : { ...graph, nodes }
    },
    merge,
  )
}

const rounded = ({ x, y }: Position): Position => ({ x: Math.round(x), y: Math.round(y) })

/** Sets a field of a node's config; `undefined` takes it away. */
export const configure = (id: string, field: string, value: Json | undefined): Command =>
  onGraph(
    `change ${field}`,
    (graph) =>
      onNode(graph, id, (node) => {
        const config = node.config ?? {}
        if (sameJson(config[field], value)) return node
        return {
          ...node,
          config: value === undefined ? omit(config, field) : { ...config, [field]: value },
        }
      }),
    `config:${id}:${field}`,
  )

export const setLabel = (id: string, label: string): Command =>
  onGraph(
    'rename node',
    (graph) => onNode(graph, id, (node) => (node.label === label ? node : { ...node, label })),
    `label:${id}`,
  )

/** What is emptied in a policy is left out of it: the server has a default for each part. */
export const setPolicy = (id: string, policy: Policy): Command =>
  onGraph(
    'change error handling',
    (graph) =>
      onNode(graph, id, (node) =>
        sameJson(node.policy, filled(policy)) ? node : { ...node, policy: filled(policy) },
      ),
    `policy:${id}`,
  )

/** What the node gives without running; null lets it run again. */
export const setPin = (id: string, pin: GraphNode['pin'] | null): Command =>
  onGraph(
    pin ? 'pin an output' : 'unpin',
    (graph) =>
      onNode(graph, id, (node) => {
        if (sameJson(node.pin, pin ?? undefined)) return node
        return pin ? { ...node, pin } : omit(node, 'pin')
      }),
    `pin:${id}`,
  )

/** Gives a node another id, in its edges and in every expression that reads it too. */
export const renameId = (from: string, to: string): Command =>
  onGraph('rename id', (graph) => {
    const here = (id: string) => (id === from ? to : id)
    return {
      ...graph,
      nodes: graph.nodes.map((node) => {
        const config =
          node.config && (rereference(node.config, { [from]: to }) as typeof node.config)
        return { ...node, id: here(node.id), ...(config ? { config } : {}) }
      }),
      edges: graph.edges.map((edge) => ({
        ...edge,
        source: here(edge.source),
        target: here(edge.target),
      })),
    }
  })

/** `value` with `nodes.old` read as `nodes.new` in all its text. */
export function rereference(value: Json, ids: Readonly<Record<string, string>>): Json {
  return mapStrings(value, (text) =>
    text.replace(/\bnodes\.([a-z][a-z0-9_]*)/g, (whole, id: string) =>
      Object.hasOwn(ids, id) ? `nodes.${ids[id] ?? id}` : whole,
    ),
  )
}

export const setEdge = (id: string, change: Partial<GraphEdge>): Command =>
  onGraph(
    'change edge',
    (graph) => ({
      ...graph,
      edges: graph.edges.map((edge) => (edgeId(edge) === id ? { ...edge, ...change } : edge)),
    }),
    `edge:${id}`,
  )

export const setInputs = (inputs: Schema): Command =>
  onGraph(
    'change inputs',
    (graph) => (sameJson(graph.inputs, inputs) ? graph : { ...graph, inputs }),
    'inputs',
  )

export const setSettings = (settings: GraphSettings): Command =>
  onGraph(
    'change workflow settings',
    (graph) =>
      sameJson(graph.settings, filled(settings)) ? graph : { ...graph, settings: filled(settings) },
    'settings',
  )

export const renameWorkflow = (name: string): Command => ({
  name: 'rename workflow',
  merge: 'workflow-name',
  apply: (draft) => (draft.name === name ? draft : { ...draft, name }),
})

/** Puts another draft in place of this one, which stays one undo away. */
export const replaceDraft = (name: string, other: Draft): Command => ({
  name,
  apply: (draft) => (sameJson(draft, other) ? draft : other),
})

/** A node's type label, as a catalogue that may not know it tells it. */
export const typeLabel = (node: GraphNode, catalogue: Catalogue): string =>
  catalogue.get(node.type)?.label ?? node.type

const count = (n: number, noun: string) =>
  n === 1 ? `a ${noun}`.replace('a e', 'an e') : `${String(n)} ${noun}s`
