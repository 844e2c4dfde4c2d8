import type { Regions } from '@/graph/regions'
import { regionsAround } from '@/graph/regions'
import type { Turn } from '@/live/key'
import { partsOf, suffixOf, wordFor } from '@/live/key'

/** A row that a step stands below. */
export interface Around {
  /** A step's key where that step is the row: a split's for its items, a sub-workflow's for what runs in it. */
  id: string
  kind: 'step' | 'turn'
  /** The node that a pass or an item is of; null where nobody knows. */
  opener: string | null
  words: string
}

/** All that a step stands within, the outermost first: passes, items, sub-workflows. */
export function nestingOf(key: string, regions: Regions): Around[] {
  const found: Around[] = []
  const parts = partsOf(key)
  let prefix = ''
  parts.forEach(({ id, turns }, at) => {
    // Of the graphs within sub-workflows only the keys are known here.
    const around = at === 0 ? regionsAround(regions, id) : []
    found.push(...turnsWithin(prefix, inRegions(turns, around)))
    prefix += id + suffixOf(turns)
    if (at < parts.length - 1) {
      found.push({ id: prefix, kind: 'step', opener: id, words: '' })
      prefix += '.'
    }
  })
  return found
}

interface Placed {
  turn: Turn
  opener: string | null
}

/** Each turn with the node that opens its region; the first passes that keys leave out are put in. */
function inRegions(turns: readonly Turn[], around: ReturnType<typeof regionsAround>): Placed[] {
  if (around.length === 0) return turns.map((turn) => ({ turn, opener: null }))
  let next = 0
  return around.map(({ kind, opener }) => {
    const wanted = kind === 'loop' ? 'pass' : 'item'
    const turn = turns[next]?.kind === wanted ? turns[next++] : undefined
    return { turn: turn ?? { kind: wanted, n: wanted === 'pass' ? 1 : 0 }, opener }
  })
}

function turnsWithin(prefix: string, placed: readonly Placed[]): Around[] {
  return placed.flatMap(({ turn, opener }, at): Around[] => {
    const before = suffixOf(placed.slice(0, at).map((each) => each.turn))
    const words = wordFor(turn)
    const own: Around = {
      id: `${prefix}${opener ?? ''}${before}/${words}`,
      kind: 'turn',
      opener,
      words,
    }
    if (turn.kind === 'pass' || opener === null) return [own]
    const told = suffixOf(
      placed
        .slice(0, at)
        .map((each) => each.turn)
        .filter(isTold),
    )
    return [{ id: `${prefix}${opener}${told}`, kind: 'step', opener, words: '' }, own]
  })
}

/** Keys leave first passes out. */
const isTold = ({ kind, n }: Turn) => kind === 'item' || n > 1
