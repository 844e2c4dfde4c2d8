import type { Draft } from './document'

/** One edit. Neighbours with the same `merge` key, close in time, are undone as one. */
export interface Command {
  /** What was done, as in “Undo: move 3 nodes”. */
  name: string
  merge?: string
  apply: (draft: Draft) => Draft
}

interface Entry {
  name: string
  draft: Draft
}

export interface History {
  readonly past: readonly Entry[]
  readonly present: Draft
  readonly future: readonly Entry[]
  readonly merge: { key: string; at: number } | null
}

const LIMIT = 200
const MERGE_WITHIN_MS = 1200

export const startHistory = (draft: Draft): History => ({
  past: [],
  present: draft,
  future: [],
  merge: null,
})

/** The history after `command` at time `now` (ms); the same one if nothing changed. */
export function perform(history: History, command: Command, now: number): History {
  const present = command.apply(history.present)
  if (present === history.present) return history
  const merge = command.merge ? { key: command.merge, at: now } : null
  const joins =
    merge?.key === history.merge?.key &&
    merge !== null &&
    now - (history.merge?.at ?? 0) < MERGE_WITHIN_MS
  const past = joins
    ? history.past
    : [...history.past, { name: command.name, draft: history.present }].slice(-LIMIT)
  return { past, present, future: [], merge }
}

export function undo(history: History): History {
  const last = history.past.at(-1)
  if (!last) return history
  return {
    past: history.past.slice(0, -1),
    present: last.draft,
    future: [{ name: last.name, draft: history.present }, ...history.future],
    merge: null,
  }
}

export function redo(history: History): History {
  const [next, ...future] = history.future
  if (!next) return history
  return {
    past: [...history.past, { name: next.name, draft: history.present }],
    present: next.draft,
    future,
    merge: null,
  }
}
