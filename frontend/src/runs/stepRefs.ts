import type { StepStatus } from '@/api/types'
import type { Turn } from '@/live/key'
import { nameOfTurns, turnsOf } from '@/live/key'

/** As much of a step as choosing it needs. */
export interface StepRef {
  key: string
  status: StepStatus
}

/** Steps of one node in the order of their passes and items, whichever began first. */
export function inTurn<Step extends StepRef>(steps: readonly Step[]): Step[] {
  const turns = steps.map(({ key }) => turnsOf(key))
  const shape = turns.reduce((longest, each) => (each.length > longest.length ? each : longest), [])
  const places = new Map(steps.map((step, at) => [step, placeIn(shape, turns[at] ?? [])]))
  return [...steps].sort((a, b) => before(places.get(a) ?? [], places.get(b) ?? []))
}

/** The numbers of `turns`, with the first passes put in that keys leave out. */
function placeIn(shape: readonly Turn[], turns: readonly Turn[]): number[] {
  let next = 0
  return shape.map(({ kind }) => (turns[next]?.kind === kind ? (turns[next++]?.n ?? 1) : 1))
}

function before(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((n, place) => n !== b[place])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

/** `Item 8`, and what is to be known of it before it is opened. */
export function wordsFor({ key, status }: StepRef): string {
  const name = nameOfTurns(turnsOf(key))
  return status === 'succeeded' ? name : `${name} – ${status}`
}

/** The place of the next step after `at` that failed, round from the end; null where no other did. */
export function nextFailed(steps: readonly StepRef[], at: number): number | null {
  for (let ahead = 1; ahead < steps.length; ahead += 1) {
    const place = (at + ahead) % steps.length
    if (steps[place]?.status === 'failed') return place
  }
  return null
}
