import type { Attempt, LiveCall, LiveStep } from '@/live/model'
import type { LiveSnapshot } from '@/live/store'

export type BarTone = 'ok' | 'bad' | 'busy' | 'warn' | 'idle'

export interface Bar {
  /** Share of the run's time, from 0 to 1. */
  from: number
  width: number
  tone: BarTone
  title: string
}

export interface TimelineRow {
  id: string
  kind: 'step' | 'call'
  step: LiveStep
  call: LiveCall | null
  name: string
  bars: Bar[]
  durationMs: number | null
}

export interface Timeline {
  startedAt: number
  totalMs: number
  rows: TimelineRow[]
  /** Round points in time to draw lines at, in milliseconds from the start. */
  ticks: number[]
}

/** What tells a call from the others of its step: an attempt begins to count anew. */
export const callId = ({ attempt, n }: { attempt: number; n: number }): string =>
  `${String(attempt)}.${String(n)}`

/** A run as rows of bars: a row for each step with a bar for each attempt, below it one for each call. */
export function timelineOf({ run, steps }: LiveSnapshot, now: number): Timeline {
  const startedAt = run.startedAt ?? Math.min(now, ...steps.map((step) => step.startedAt ?? now))
  const endedAt = run.endedAt ?? Math.max(now, startedAt)
  const totalMs = Math.max(1, endedAt - startedAt)
  const share = (from: number, to: number) => ({
    from: clamp((from - startedAt) / totalMs),
    width: clamp((to - from) / totalMs),
  })
  const begun = steps.filter((step) => step.startedAt !== null || step.status === 'skipped')
  const sorted = [...begun].sort((a, b) => (a.begunAt ?? Infinity) - (b.begunAt ?? Infinity))
  const rows = sorted.flatMap((step): TimelineRow[] => [
    {
      id: step.key,
      kind: 'step',
      step,
      call: null,
      name: step.key,
      durationMs: step.durationMs ?? (step.startedAt === null ? null : endedAt - step.startedAt),
      bars: step.attempts.map((attempt) => ({
        ...share(attempt.startedAt, attempt.endedAt ?? endedAt),
        tone: attemptTone(step, attempt.outcome),
        title: attempt.error
          ? `Attempt ${String(attempt.n)}: ${attempt.error.message}`
          : `Attempt ${String(attempt.n)}`,
      })),
    },
    ...step.calls.map((call): TimelineRow => ({
      id: `${step.key}#${callId(call)}`,
      kind: 'call',
      step,
      call,
      name: call.name || call.kind,
      durationMs: call.endedAt === null ? null : call.endedAt - call.startedAt,
      bars: [
        {
          ...share(call.startedAt, call.endedAt ?? endedAt),
          tone: call.failed ? 'bad' : call.endedAt === null ? 'busy' : 'idle',
          title: `${call.kind} ${call.name}`,
        },
      ],
    })),
  ])
  return { startedAt, totalMs, rows, ticks: ticksOf(totalMs) }
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
