import type { Catalogue, NodeType, Port } from './catalogue'
import { inputsOf, outputsOf, portType } from './catalogue'
import type { Graph, PortRef } from './document'
import { edgeId, labelOf, makeEdge, nodeOf } from './document'
import { descendantsOf } from './walk'

export interface DraftEdge {
  source: PortRef
  target: PortRef
  /** Where the edge leads back: how many passes there may be. */
  loop?: number
}

/** `loop` is there where the edge would lead back: how many passes it starts with. */
export type Verdict =
  { ok: true; loop?: number; words?: string } | { ok: false; code: string; reason: string }

/** As many passes as a loop has that was just drawn. */
const PASSES = 10

const refuse = (code: string, reason: string): Verdict => ({ ok: false, code, reason })

/** Whether an edge may be drawn, and if not, why, in words for the person who draws it. */
export function canConnect(graph: Graph, draft: DraftEdge, catalogue: Catalogue): Verdict {
  const source = nodeOf(graph, draft.source.node)
  const target = nodeOf(graph, draft.target.node)
  if (!source || !target) return refuse('unknown_node', 'One end is not on the canvas any more.')
  if (source === target) return refuse('self_loop', 'A node cannot feed itself.')

  const given = portType(graph, catalogue, draft.source, 'out')
  const wanted = portType(graph, catalogue, draft.target, 'in')
  if (!given)
    return refuse('unknown_port', `${labelOf(source)} has no output “${draft.source.port}”.`)
  if (!wanted) return refuse('unknown_port', `${labelOf(target)} takes no input.`)

  const id = edgeId(makeEdge(draft.source, draft.target))
  if (graph.edges.some((edge) => edgeId(edge) === id)) {
    return refuse('duplicate_edge', 'These two are connected already.')
  }
  if (!fits(given, wanted)) {
    return refuse('incompatible_types', `${labelOf(target)} wants ${wanted}, not ${given}.`)
  }
  if (descendantsOf(graph, target.id).has(source.id)) {
    const words = `Loop back to ${labelOf(target)}, up to ${String(PASSES)} times`
    return { ok: true, loop: PASSES, words }
  }
  return { ok: true }
}

/** Text takes every type, rendered; `any` fits everything. */
export function fits(given: string, wanted: string): boolean {
  return given === wanted || given === 'any' || wanted === 'any' || wanted === 'text'
}

/** The other ends that `from` may be joined to, best first as the document has them. */
export function targetsFor(graph: Graph, from: PortRef, catalogue: Catalogue): DraftEdge[] {
  return graph.nodes.flatMap((node) =>
    inputsOf(node, catalogue)
      .map((port) => ({ source: from, target: { node: node.id, port: port.name } }))
      .flatMap((draft) => {
        const verdict = canConnect(graph, draft, catalogue)
        return verdict.ok ? [verdict.loop ? { ...draft, loop: verdict.loop } : draft] : []
      }),
  )
}

/** The port by which a new node of `type` would take (`in`) or feed (`out`) what hangs on the wire. */
export function matchingPort(type: NodeType, wire: string, side: 'in' | 'out'): Port | undefined {
  if (side === 'in') return type.inputs.find((port) => fits(wire, port.type))
  const probe = { id: '', type: type.type }
  const outputs = outputsOf(probe, new Map([[type.type, type]]))
  return outputs.find((port) => fits(port.type, wire))
}
