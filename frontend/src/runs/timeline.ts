import type { Attempt, LiveStep } from '@/live/model'
import type { LiveSnapshot } from '@/live/store'
import type { Row } from './rows'

export type BarTone = 'ok' | 'bad' | 'busy' | 'warn' | 'idle'

export interface Bar {
  /** Share of the run's time, from 0 to 1. */
  from: number
  width: number
  tone: BarTone
  title: string
}

/** The time that bars are drawn in. */
export interface Scale {
  startedAt: number
  endedAt: number
  totalMs: number
  /** Round points in time to draw lines at, in milliseconds from the start. */
  ticks: number[]
}

/** From the run's start to its end, or to `now` while it goes on. */
export function scaleOf({ run, steps }: LiveSnapshot, now: number): Scale {
  const startedAt =
    run.startedAt ?? steps.reduce((least, step) => Math.min(least, step.startedAt ?? least), now)
  const endedAt = run.endedAt ?? Math.max(now, startedAt)
  const totalMs = Math.max(1, endedAt - startedAt)
  return { startedAt, endedAt, totalMs, ticks: ticksOf(totalMs) }
}

/** A row's bars: one for each attempt of a step, one for a call, one for all that a pass or an item did. */
export function barsOf(row: Row, scale: Scale): Bar[] {
  const share = (from: number, to: number | null) => ({
    from: clamp((from - scale.startedAt) / scale.totalMs),
    width: clamp(((to ?? scale.endedAt) - from) / scale.totalMs),
  })
  switch (row.kind) {
    case 'group': {
      const { failed, from, to } = row.tally
      if (from === null) return []
      const tone = failed > 0 ? 'bad' : to === null ? 'busy' : 'idle'
      return [{ ...share(from, to), tone, title: row.label }]
    }
    case 'step':
      return row.step.attempts.map((attempt) => ({
        ...share(attempt.startedAt, attempt.endedAt),
        tone: attemptTone(row.step, attempt.outcome),
        title: attempt.error
          ? `Attempt ${String(attempt.n)}: ${attempt.error.message}`
          : `Attempt ${String(attempt.n)}`,
      }))
    case 'call': {
      const { kind, name, startedAt, endedAt, failed } = row.call
      const tone = failed ? 'bad' : endedAt === null ? 'busy' : 'idle'
      return [{ ...share(startedAt, endedAt), tone, title: `${kind} ${name}` }]
    }
  }
}

/** How long what a row tells of took, or has taken; null where it is not known. */
export function durationOf(row: Row, { endedAt }: Scale): number | null {
  const since = (from: number | null, to: number | null) =>
    from === null ? null : (to ?? endedAt) - from
  switch (row.kind) {
    case 'group':
      return since(row.tally.from, row.tally.to)
    case 'step':
      return row.step.durationMs ?? since(row.step.startedAt, null)
    case 'call':
      return row.call.endedAt === null ? null : row.call.endedAt - row.call.startedAt
  }
}

function attemptTone(step: LiveStep, outcome: Attempt['outcome']): BarTone {
  switch (outcome) {
    case 'running':
      return step.status === 'waiting' ? 'warn' : 'busy'
    case 'succeeded':
      return 'ok'
    case 'failed':
      return step.handled ? 'warn' : 'bad'
    case 'interrupted':
    case 'cancelled':
      return 'idle'
  }
}

const clamp = (share: number) => Math.min(1, Math.max(0, share))

/** Three to six round steps over `totalMs`. */
export function ticksOf(totalMs: number): number[] {
  const rough = totalMs / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  const ticks: number[] = []
  for (let at = step; at < totalMs * 0.98; at += step) ticks.push(Math.round(at))
  return ticks
}
