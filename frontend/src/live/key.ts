/** One time that a region is done: pass 1, 2 … of a loop, or item 0, 1 … of a split. */
export interface Turn {
  kind: 'pass' | 'item'
  n: number
}

/** One part of a step's key: a node, and which passes and items it stands in, the outermost first. */
export interface KeyPart {
  id: string
  turns: Turn[]
}

const TURN = /[~:](\d+)/g

/** A step's key read: `review~2.judge:7` is item 7 of `judge` within pass 2 of the sub-workflow `review`. */
export function partsOf(key: string): KeyPart[] {
  return key.split('.').map((part) => ({
    id: part.replace(TURN, ''),
    turns: [...part.matchAll(TURN)].map(([mark, n]) => ({
      kind: mark.startsWith('~') ? 'pass' : 'item',
      n: Number(n),
    })),
  }))
}

/** The turns of a step, through all sub-workflows around it. */
export const turnsOf = (key: string): Turn[] => partsOf(key).flatMap(({ turns }) => turns)

/** The id of the step's node, as events name it. */
export const nodeIn = (key: string): string => key.replace(TURN, '')

/** What a key adds to its node's id: all but the node's own name, so that steps of one item share it. */
export const suffixOf = (turns: readonly Turn[]): string =>
  turns.map(({ kind, n }) => `${kind === 'pass' ? '~' : ':'}${String(n)}`).join('')

/** `pass 2`, `item 8`: items are counted from 1 to people. */
export const wordFor = ({ kind, n }: Turn): string =>
  kind === 'pass' ? `pass ${String(n)}` : `item ${String(n + 1)}`

/** Which of a node's steps a key names, in words: `Pass 2, item 8`; the plain key is the first pass. */
export function nameOfTurns(turns: readonly Turn[]): string {
  const words = turns.length === 0 ? 'pass 1' : turns.map(wordFor).join(', ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
