import type { Regions } from '@/graph/regions'
import type { LiveCall, LiveStep } from '@/live/model'
import type { Around } from './nesting'
import { nestingOf } from './nesting'

/** What all steps below a row amount to. Times are milliseconds since 1970; `to` is null while any goes on. */
export interface Tally {
  steps: number
  failed: number
  from: number | null
  to: number | null
}

interface RowBase {
  id: string
  /** How many rows it stands below. */
  depth: number
  /** Whether what is below it is shown; null where nothing is. */
  open: boolean | null
}

export type Row =
  | (RowBase & { kind: 'group'; label: string; opener: string | null; tally: Tally })
  | (RowBase & { kind: 'step'; step: LiveStep; tally: Tally })
  | (RowBase & { kind: 'call'; step: LiveStep; call: LiveCall })

/** A row with all that stands below it. */
export interface Branch {
  id: string
  around: Around | null
  step: LiveStep | null
  tally: Tally
  below: Map<string, Branch>
}

/** What tells a call from the others of its step: an attempt begins to count anew. */
export const callId = ({ attempt, n }: { attempt: number; n: number }): string =>
  `${String(attempt)}.${String(n)}`

/** The steps in the order in which they began, each below the passes, items and sub-workflows that it stands in. */
export function treeOf(steps: readonly LiveStep[], regions: Regions): Branch {
  const root = branch('', null)
  const begun = steps.filter((step) => step.startedAt !== null || step.status === 'skipped')
  for (const step of begun.sort((a, b) => (a.begunAt ?? Infinity) - (b.begunAt ?? Infinity))) {
    let at = root
    for (const around of nestingOf(step.key, regions)) {
      at = below(at, around.id, around)
      count(at.tally, step)
    }
    below(at, step.key, null).step = step
  }
  return root
}

const branch = (id: string, around: Around | null): Branch => ({
  id,
  around,
  step: null,
  tally: { steps: 0, failed: 0, from: null, to: -Infinity },
  below: new Map(),
})

function below(parent: Branch, id: string, around: Around | null): Branch {
  const found = parent.below.get(id) ?? branch(id, around)
  parent.below.set(id, found)
  return found
}

function count(tally: Tally, { status, startedAt, endedAt }: LiveStep): void {
  tally.steps += 1
  if (status === 'failed') tally.failed += 1
  if (startedAt === null) return
  tally.from = Math.min(tally.from ?? startedAt, startedAt)
  tally.to = tally.to === null || endedAt === null ? null : Math.max(tally.to, endedAt)
}

/** More than this below a row, and it is closed until it is opened. */
const SHOWN = 24

export interface Openness {
  /** What a person opened or closed, by row. */
  chosen: ReadonlyMap<string, boolean>
  /** The rows above the selected step, and its own: open unless they were closed. */
  toSelected: ReadonlySet<string>
}

export const toSelected = (key: string | null, regions: Regions): Set<string> =>
  new Set(key === null ? [] : [key, ...nestingOf(key, regions).map(({ id }) => id)])

/** The rows that are shown, from the top. */
export function rowsOf(tree: Branch, openness: Openness, depth = 0): Row[] {
  return [...tree.below.values()].flatMap((each): Row[] => {
    const open = each.below.size === 0 ? null : isOpen(each, openness)
    const own: RowBase = { id: each.id, depth, open }
    const { step, tally, around } = each
    const rows: Row[] = step
      ? [{ ...own, kind: 'step', step, tally }, ...callsOf(step, depth)]
      : [{ ...own, kind: 'group', label: labelFor(around), opener: loopOf(around), tally }]
    return open ? [...rows, ...rowsOf(each, openness, depth + 1)] : rows
  })
}

const callsOf = (step: LiveStep, depth: number): Row[] =>
  step.calls.map((call) => ({
    id: `${step.key}#${callId(call)}`,
    depth: depth + 1,
    open: null,
    kind: 'call',
    step,
    call,
  }))

function isOpen({ id, around, below: { size } }: Branch, { chosen, toSelected }: Openness) {
  const isItem = around?.words.startsWith('item') ?? false
  return chosen.get(id) ?? (toSelected.has(id) || (!isItem && size <= SHOWN))
}

/** A pass says whose it is; an item stands below its split, which does. */
const loopOf = (around: Around | null) => (around?.words.startsWith('pass') ? around.opener : null)

function labelFor(around: Around | null): string {
  const words = around?.words ?? ''
  return words.charAt(0).toUpperCase() + words.slice(1)
}
