import type { Catalogue, NodeType } from './catalogue'
import { initialConfig } from './catalogue'
import type {
  Draft,
  Fragment,
  Graph,
  GraphEdge,
  GraphNode,
  GraphSettings,
  Note,
  Policy,
  Position,
} from './document'
import { edgeId, makeEdge, nodeOf, rounded } from './document'
import type { Command } from './history'
import { idFrom, labelFrom } from './ids'
import type { Json } from './json'
import { filled, mapStrings, omit, sameJson } from './json'
import type { DraftEdge } from './connect'
import type { Schema } from './schema'

/** A command that changes the graph and leaves the name; what gives the same graph changes nothing. */
export function onGraph(name: string, change: (graph: Graph) => Graph, merge?: string): Command {
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

export const addFragment = ({ nodes, edges, notes }: Fragment): Command =>
  onGraph(`paste ${placed(nodes.length, notes.length)}`, (graph) =>
    nodes.length + notes.length === 0
      ? graph
      : {
          ...graph,
          nodes: [...graph.nodes, ...nodes],
          edges: [...graph.edges, ...edges],
          notes: [...(graph.notes ?? []), ...notes],
        },
  )

/** Takes nodes away with the edges that touch them, and edges and notes by themselves. */
export function remove(
  nodes: ReadonlySet<string>,
  edges: ReadonlySet<string>,
  notes: ReadonlySet<string> = new Set(),
): Command {
  const name = placed(nodes.size, notes.size) || count(edges.size, 'edge')
  const stays = (edge: GraphEdge) =>
    !nodes.has(edge.source) && !nodes.has(edge.target) && !edges.has(edgeId(edge))
  return onGraph(`delete ${name}`, (graph) =>
    nodes.size + edges.size + notes.size === 0
      ? graph
      : {
          ...graph,
          nodes: graph.nodes.filter((node) => !nodes.has(node.id)),
          edges: graph.edges.filter(stays),
          notes: (graph.notes ?? []).filter((note) => !notes.has(note.id)),
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

export type Places = ReadonlyMap<string, Position>

interface Moving {
  /** Tells a layout from a drag. */
  name?: string
  merge?: string
  notes?: Places
}

/** Moves nodes, and notes, to where `places` say. */
export function move(places: Places, { name, merge, notes = new Map() }: Moving = {}): Command {
  return onGraph(
    name ?? `move ${placed(places.size, notes.size)}`,
    (graph) => {
      const next = {
        nodes: renewed(graph.nodes, (node) => movedTo(places.get(node.id), node)),
        notes: renewed(graph.notes ?? [], (note) => movedTo(notes.get(note.id), note)),
      }
      const still = next.nodes === graph.nodes && next.notes === (graph.notes ?? next.notes)
      return still ? graph : { ...graph, ...next }
    },
    merge,
  )
}

const movedTo = <Thing extends GraphNode | Note>(to: Position | undefined, thing: Thing): Thing =>
  !to || sameJson(rounded(to), thing.position) ? thing : { ...thing, position: rounded(to) }

/** `items` changed one by one; the very same list where none changes. */
export function renewed<Item>(
  items: readonly Item[],
  change: (item: Item) => Item,
): readonly Item[] {
  const next = items.map(change)
  return next.every((item, index) => item === items[index]) ? items : next
}

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

/** How many nodes and notes, in words; empty for none of either. */
const placed = (nodes: number, notes: number) =>
  [nodes > 0 ? count(nodes, 'node') : '', notes > 0 ? count(notes, 'note') : '']
    .filter(Boolean)
    .join(' and ')

const count = (n: number, noun: string) =>
  n === 1 ? `a ${noun}`.replace('a e', 'an e') : `${String(n)} ${noun}s`
