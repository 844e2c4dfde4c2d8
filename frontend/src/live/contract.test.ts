import { expect, it } from 'vitest'
import { EVENTS } from '@/testing/contracts'
import { LiveStore } from './store'

/** Whose status each type of event sets, and to what; null for those that set none. */
const SETS: Record<string, [run: string, step: string | null]> = {
  'run.started': ['running', null],
  'run.waiting': ['waiting', null],
  'run.resumed': ['running', null],
  'run.succeeded': ['succeeded', null],
  'run.failed': ['failed', null],
  'run.cancelled': ['cancelled', null],
  'step.started': ['pending', 'running'],
  'step.retrying': ['pending', 'pending'],
  'step.interrupted': ['pending', 'pending'],
  'step.waiting': ['pending', 'waiting'],
  'step.succeeded': ['pending', 'succeeded'],
  'step.failed': ['pending', 'failed'],
  'step.skipped': ['pending', 'skipped'],
  'step.cancelled': ['pending', 'cancelled'],
  'llm.started': ['pending', 'pending'],
  'llm.finished': ['pending', 'pending'],
  'tool.started': ['pending', 'pending'],
  'tool.finished': ['pending', 'pending'],
  'http.started': ['pending', 'pending'],
  'http.finished': ['pending', 'pending'],
}

it('every type of event is known here', () => {
  expect(EVENTS.map(({ type }) => type).sort()).toEqual(Object.keys(SETS).sort())
})

it.each(EVENTS.map((event) => [event.type, event] as const))(
  '%s alone leads to its status',
  (type, event) => {
    const store = new LiveStore((flush) => {
      flush()
    })
    store.push(event)

    const { run, steps } = store.snapshot()
    expect([run.status, steps[0]?.status ?? null]).toEqual(SETS[type])
  },
)

it('all of them together lose nothing: attempts, calls, times, what came out', () => {
  let frame = (): void => undefined
  const store = new LiveStore((flush) => {
    frame = flush
  })
  for (const event of EVENTS.filter(({ type }) => !['run.failed', 'run.cancelled'].includes(type)))
    store.push(event)
  frame()

  const { run, steps } = store.snapshot()
  expect([run.status, run.output, run.seq]).toEqual(['succeeded', '(no article)', 19])
  expect(
    steps.map(({ key, status, handled, calls, attempts }) => [
      key,
      status,
      handled,
      calls.length,
      attempts.map(({ outcome }) => outcome),
    ]),
  ).toEqual([
    ['research', 'succeeded', false, 2, ['failed']],
    ['pause', 'waiting', false, 0, []],
    ['write', 'failed', true, 0, []],
    ['send', 'skipped', false, 0, []],
    ['review', 'cancelled', false, 0, []],
    ['fetch', 'pending', false, 1, []],
  ])
})
