import type { Graph } from './document'
import type { Json } from './json'
import { ancestorsOf, descendantsOf } from './walk'

/** What of a workflow runs: all of it, or a part that one node names. */
export type Part = { kind: 'all' } | { kind: 'only' | 'until' | 'from'; node: string }

export const ALL: Part = { kind: 'all' }

/** What each node gave, as the last run tells it. */
export type Outputs = ReadonlyMap<string, Json>

/** A start's own words for a part: the node under its name, and what the nodes before it gave. */
export interface StartOfPart {
  only?: string
  until?: string
  from?: string
  pins?: Record<string, Json>
}

/**
 * Asks for `part` of `graph`. What runs has the last outputs of the nodes before it to work with, as
 * far as there are any; what is pinned in the draft stays as it is there.
 */
export function startOf(part: Part, graph: Graph, outputs: Outputs): StartOfPart {
  if (part.kind === 'all') return {}
  const named = { [part.kind]: part.node }
  if (part.kind === 'until') return named
  const again = part.kind === 'from' ? descendantsOf(graph, part.node) : new Set<string>()
  const pinned = new Set(graph.nodes.filter(({ pin }) => pin).map(({ id }) => id))
  const pins = [...ancestorsOf(graph, part.node)].flatMap((id): [string, Json][] => {
    const output = outputs.get(id)
    return output === undefined || pinned.has(id) || again.has(id) ? [] : [[id, output]]
  })
  return pins.length > 0 ? { ...named, pins: Object.fromEntries(pins) } : named
}

/** What a part is called where it is chosen. */
export const PART_WORDS: Readonly<Record<Exclude<Part['kind'], 'all'>, string>> = {
  until: 'Run up to here',
  only: 'Run only this',
  from: 'Run from here',
}
