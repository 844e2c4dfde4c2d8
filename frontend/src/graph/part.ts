import type { Graph } from './document'
import type { Json } from './json'
import type { Regions } from './regions'
import { NO_REGIONS } from './regions'
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
 * Asks for `part` of `graph`. What runs has the last outputs of the nodes that it reads to work with,
 * as far as there are any; what is pinned in the draft stays as it is there.
 */
export function startOf(
  part: Part,
  graph: Graph,
  outputs: Outputs,
  regions: Regions = NO_REGIONS,
): StartOfPart {
  if (part.kind === 'all') return {}
  const named = { [part.kind]: part.node }
  if (part.kind === 'until') return named
  const running = new Set([part.node])
  if (part.kind === 'from') for (const id of descendantsOf(graph, part.node)) running.add(id)
  const wanted = readBy(running, graph)
  // Of a region that ends before the node, only what comes out of it is seen from there.
  const past = regions.filter(({ members }) => !members.includes(part.node))
  const unseen = new Set([...running, ...past.flatMap(({ members }) => members)])
  const above = ancestorsOf(graph, part.node)
  const pins = graph.nodes.flatMap(({ id, pin }): [string, Json][] => {
    const output = outputs.get(id)
    const given = above.has(id) && wanted.has(id) && !unseen.has(id) && !pin
    return given && output !== undefined ? [[id, output]] : []
  })
  return pins.length > 0 ? { ...named, pins: Object.fromEntries(pins) } : named
}

/** The nodes whose outputs `running` are given by an edge, or name in their expressions. */
function readBy(running: ReadonlySet<string>, graph: Graph): Set<string> {
  const parents = graph.edges.filter(({ target }) => running.has(target))
  const configs = graph.nodes.filter(({ id }) => running.has(id)).map(({ config }) => config)
  const named = JSON.stringify(configs).matchAll(/\bnodes\.([a-z][a-z0-9_]*)/g)
  return new Set([...parents.map(({ source }) => source), ...[...named].map(([, id]) => id ?? '')])
}

/** What a part is called where it is chosen. */
export const PART_WORDS: Readonly<Record<Exclude<Part['kind'], 'all'>, string>> = {
  until: 'Run up to here',
  only: 'Run only this',
  from: 'Run from here',
}
