import type { Edge, Node, NodeHandle } from '@xyflow/react'
import { Position } from '@xyflow/react'
import type { Catalogue, NodeType, Port } from '@/graph/catalogue'
import { inputsOf, outputsOf } from '@/graph/catalogue'
import { typeLabel } from '@/graph/commands'
import type { Graph, GraphEdge, GraphNode } from '@/graph/document'
import { edgeId, labelOf, sourceOf, targetOf } from '@/graph/document'
import type { Problem, Problems } from '@/graph/problems'
import { CARD_WIDTH, cardHeight, inputTop, outputTop } from './geometry'

export interface CardData extends Record<string, unknown> {
  node: GraphNode
  type: NodeType | undefined
  inputs: Port[]
  outputs: Port[]
  problems: readonly Problem[]
}

export interface WireData extends Record<string, unknown> {
  edge: GraphEdge
}

export type FlowNode = Node<CardData, 'card'>
export type FlowEdge = Edge<WireData, 'wire' | 'loop'>

export interface Selection {
  readonly nodes: ReadonlySet<string>
  readonly edges: ReadonlySet<string>
  readonly notes: ReadonlySet<string>
}

export const NOTHING: Selection = { nodes: new Set(), edges: new Set(), notes: new Set() }
const NO_PROBLEMS: readonly Problem[] = []

/** The graph as React Flow's nodes; those that did not change stay the very same objects. */
export function toFlowNodes(
  before: readonly FlowNode[],
  graph: Graph,
  catalogue: Catalogue,
  selection: Selection,
  problems: Problems,
): FlowNode[] {
  const held = new Map(before.map((node) => [node.id, node]))
  const withExtraPorts = new Set(graph.edges.filter(isExtra).map((edge) => edge.source))
  return graph.nodes.map((node) => {
    const old = held.get(node.id)
    const own = problems.byNode.get(node.id) ?? NO_PROBLEMS
    const edges = withExtraPorts.has(node.id) ? graph.edges : []
    const outputs = outputsOf(node, catalogue, edges)
    const selected = selection.nodes.has(node.id)
    if (
      old?.data.node === node &&
      samePorts(old.data.outputs, outputs) &&
      old.data.problems === own
    ) {
      return old.selected === selected ? old : { ...old, selected }
    }
    const data = dataOf(node, catalogue, outputs, own)
    return {
      ...(old?.measured ? { measured: old.measured } : {}),
      ...flowNode(data, catalogue),
      selected,
    }
  })
}

const isExtra = (edge: GraphEdge) =>
  edge.loop !== undefined || ['error', 'exhausted'].includes(edge.source_port ?? '')

const samePorts = (a: readonly Port[], b: readonly Port[]) =>
  a.length === b.length && a.every((port, index) => port.name === b[index]?.name)

function dataOf(
  node: GraphNode,
  catalogue: Catalogue,
  outputs: Port[],
  problems: readonly Problem[],
): CardData {
  return {
    node,
    type: catalogue.get(node.type),
    inputs: inputsOf(node, catalogue),
    outputs,
    problems,
  }
}

function flowNode(data: CardData, catalogue: Catalogue): FlowNode {
  const { node, type, outputs, problems } = data
  const trouble = problems.length === 0 ? '' : `, ${String(problems.length)} to mend`
  return {
    id: node.id,
    type: 'card',
    position: node.position ?? { x: 0, y: 0 },
    width: CARD_WIDTH,
    height: cardHeight(type, outputs),
    handles: handlesOf(data),
    ariaLabel: `${labelOf(node)}, ${typeLabel(node, catalogue)}${trouble}`,
    data,
  }
}

/** Where the handles are, told beforehand so that wires are there in the first frame. */
function handlesOf({ type, inputs, outputs }: CardData): NodeHandle[] {
  const size = { width: 12, height: 12 }
  return [
    ...inputs.map((port, index): NodeHandle => ({
      id: port.name,
      type: 'target',
      position: Position.Left,
      x: -6,
      y: inputTop(index) - 6,
      ...size,
    })),
    ...outputs.map((port, index): NodeHandle => ({
      id: port.name,
      type: 'source',
      position: Position.Right,
      x: CARD_WIDTH - 6,
      y: outputTop(type, index, outputs.length) - 6,
      ...size,
    })),
  ]
}

export function toFlowEdges(
  before: readonly FlowEdge[],
  graph: Graph,
  selection: Selection,
): FlowEdge[] {
  const held = new Map(before.map((edge) => [edge.id, edge]))
  return graph.edges.map((edge) => {
    const id = edgeId(edge)
    const old = held.get(id)
    const selected = selection.edges.has(id)
    if (old?.data?.edge === edge) return old.selected === selected ? old : { ...old, selected }
    return {
      id,
      type: edge.loop ? 'loop' : 'wire',
      source: edge.source,
      sourceHandle: sourceOf(edge).port,
      target: edge.target,
      targetHandle: targetOf(edge).port,
      selected,
      data: { edge },
    }
  })
}
