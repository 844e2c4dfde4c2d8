import type { StepStatus } from '@/api/types'
import type { LiveStep } from './model'
import type { Turn } from './key'
import { suffixOf } from './key'

/** How many items of a split one node has behind it. */
export interface Items {
  done: number
  failed: number
  /** The key of the split's step is its node's id and this. */
  suffix: string
}

/** All steps of one node, as one pass or item after the other began. Never changed in place. */
export interface NodeSteps {
  /** The one that began last. */
  latest: LiveStep
  /** The one whose text is worth showing: of items under way one that has some, else the latest. */
  speaking: LiveStep
  /** What the node is as a whole: running while any of its items is. */
  status: StepStatus
  /** In the order in which they were first told of. */
  steps: readonly LiveStep[]
  /** Which pass the latest is of; null outside every loop, and in a first pass. */
  pass: number | null
  /** Null outside every split. */
  items: Items | null
}

const ENDED: ReadonlySet<StepStatus> = new Set(['succeeded', 'failed', 'skipped', 'cancelled'])
const WEIGHT: readonly StepStatus[] = ['running', 'waiting', 'failed', 'succeeded']

export function gathered(steps: readonly LiveStep[]): NodeSteps | undefined {
  const latest = steps.reduce<LiveStep | undefined>(later, undefined)
  if (!latest) return undefined
  const { turns } = latest
  const last = turns.findLastIndex(({ kind }) => kind === 'item')
  const pass = turns.findLast(({ kind }) => kind === 'pass')?.n ?? null
  if (last < 0) {
    return { latest, speaking: latest, status: latest.status, steps, pass, items: null }
  }
  const around = turns.slice(0, last)
  const current = latestOfItems(steps, around)
  const among = (status: StepStatus) => current.filter((step) => step.status === status).length
  const heard = current.find(({ status, text }) => status === 'running' && text.length > 0)
  return {
    latest,
    speaking: heard ?? latest,
    status: WEIGHT.find((status) => among(status) > 0) ?? latest.status,
    steps,
    pass,
    items: {
      done: current.filter(({ status }) => ENDED.has(status)).length,
      failed: among('failed'),
      suffix: suffixOf(around),
    },
  }
}

function later(best: LiveStep | undefined, step: LiveStep): LiveStep {
  return best && (best.begunAt ?? -1) > (step.begunAt ?? -1) ? best : step
}

/** The latest step of each item of the split that stands at `around`. */
function latestOfItems(steps: readonly LiveStep[], around: readonly Turn[]): LiveStep[] {
  const found = new Map<number, LiveStep>()
  for (const step of steps) {
    const { turns } = step
    const item = turns[around.length]
    if (item?.kind !== 'item' || !around.every((turn, at) => turns[at]?.n === turn.n)) continue
    found.set(item.n, later(found.get(item.n), step))
  }
  return [...found.values()]
}
