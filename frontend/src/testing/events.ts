import type { EventData, RunEvent } from '@/live/events'

export const START = Date.parse('2026-11-24T09:00:00.000Z')

/** Events of one run, numbered as they are made; `at` is in milliseconds from the run's start. */
export function journal() {
  let seq = 0
  return (
    at: number,
    type: string,
    step: string | null = null,
    data: EventData = {},
  ): RunEvent => ({
    seq: type === 'step.delta' ? null : (seq += 1),
    type,
    run: 'r1',
    step,
    node: step?.split(':')[0] ?? null,
    at: new Date(START + at).toISOString(),
    data: type === 'step.delta' && step ? { ...data, step } : data,
  })
}
