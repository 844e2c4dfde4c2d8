import type { RunError } from '@/api/types'
import type { EventData, EventType, RunEvent } from '@/live/events'
import { nodeIn } from '@/live/key'

export const START = Date.parse('2026-11-24T09:00:00.000Z')

const error: RunError = { code: 'provider_error', message: 'It failed.', node: null, attempts: 1 }
const ending = { output: null, ports: ['out'], duration_ms: 1 }
const begun = { call: 1, attempt: 1, name: '', request: null, request_hash: '' }
const made = { call: 1, attempt: 1, name: '', result: null, error: null, usage: null }

/** What an event carries where a test says nothing of it. */
const USUAL: EventData = {
  'run.started': { input: {}, variables: {} },
  'run.inherited': {},
  'run.waiting': { until: 0 },
  'run.resumed': {},
  'run.succeeded': { output: null },
  'run.failed': { error },
  'run.cancelled': { error },
  'step.started': { attempt: 1, sources: [] },
  'step.retrying': { attempt: 1, delay_s: 0.5, error },
  'step.interrupted': { attempt: 1 },
  'step.waiting': { until: 0, output: null, ports: ['out'] },
  'step.succeeded': ending,
  'step.failed': { ...ending, ports: [], handled: false, error },
  'step.skipped': { error: null },
  'step.cancelled': { error, duration_ms: 1 },
  'step.delta': { step: '', call: 1, attempt: 1, offset: 0, text: '' },
  'llm.started': begun,
  'llm.finished': { ...made, duration_ms: 1 },
  'tool.started': begun,
  'tool.finished': { ...made, duration_ms: 1 },
  'http.started': begun,
  'http.finished': { ...made, duration_ms: 1 },
  'retrieval.started': begun,
  'retrieval.finished': { ...made, duration_ms: 1 },
}

/** Events of one run, numbered as they are made; `at` is in milliseconds from the run's start. */
export function journal() {
  let seq = 0
  return <Type extends EventType>(
    at: number,
    type: Type,
    step: string | null = null,
    data: Partial<EventData[Type]> = {},
  ): RunEvent => {
    const isDelta = type === 'step.delta'
    const told = { ...USUAL[type], ...data, ...(isDelta ? { step } : {}) }
    return {
      seq: isDelta ? null : (seq += 1),
      type,
      run: 'r1',
      step,
      node: step === null ? null : nodeIn(step),
      at: new Date(START + at).toISOString(),
      data: told,
    } as RunEvent
  }
}
