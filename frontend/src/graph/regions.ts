import type { Graph } from './document'

/** Nodes that repeat together, as the server's validation tells them. */
export interface Region {
  kind: 'loop' | 'split'
  /** The head of a loop, or the split itself, which stands outside. */
  opener: string
  members: readonly string[]
  /** The joins that collect a split, which stand outside too. */
  closers: readonly string[]
}

/** All regions of a graph, outer ones first. */
export type Regions = readonly Region[]

export const NO_REGIONS: Regions = []

/** The regions that a node stands in, outer ones first. */
export const regionsAround = (regions: Regions, node: string): Region[] =>
  regions.filter(({ members }) => members.includes(node))

/** How many passes the loop at `head` may have: the smallest limit of its edges; null where none says. */
export function passLimit(graph: Graph, head: string): number | null {
  const limits = graph.edges.flatMap(({ target, loop }) =>
    target === head && loop?.max_iterations ? [loop.max_iterations] : [],
  )
  return limits.length > 0 ? Math.min(...limits) : null
}

/** The limit of a loop in a few signs: `≤ 10×`. */
export const limitSign = (passes: number | null | undefined): string =>
  passes ? `≤ ${String(passes)}×` : 'no limit'
