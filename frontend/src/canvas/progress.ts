import type { NodeSteps } from '@/live/nodeSteps'
import type { LiveStore } from '@/live/store'

export interface Progress {
  words: string
  failed: number
}

/** How far a node is that repeats: `pass 3`, `7 of 20`; null where it does not, or is in its first pass. */
export function progressOf(
  { pass, items }: NodeSteps,
  split: string | undefined,
  store: LiveStore,
): Progress | null {
  if (!items) return pass === null ? null : { words: `pass ${String(pass)}`, failed: 0 }
  const list = split === undefined ? undefined : store.step(split + items.suffix)?.output
  // Of a long list the event holds only the name.
  const all = Array.isArray(list) ? ` of ${list.length.toLocaleString('en')}` : ' done'
  return { words: `${items.done.toLocaleString('en')}${all}`, failed: items.failed }
}
