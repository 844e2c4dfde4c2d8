import { describe, expect, it, vi } from 'vitest'
import { journal, START } from '@/testing/events'
import type { RunEvent } from './events'
import { LiveStore } from './store'

/** A store whose frames come when the test says so. */
function watched(events: RunEvent[]) {
  let flush = (): void => undefined
  const store = new LiveStore((next) => {
    flush = next
  })
  for (const event of events) store.push(event)
  return {
    store,
    frame: () => {
      flush()
    },
  }
}

const usage = { input_tokens: 10, output_tokens: 5, cost_usd: 0.01 }
const failure = { code: 'provider_error', message: 'It answered 503.', node: 'ask', attempts: 1 }

describe('a run is folded from its events', () => {
  it('with attempts, calls, text, usage and output', () => {
    const event = journal()
    const { store, frame } = watched([
      event(0, 'run.started'),
      event(10, 'step.started', 'ask', { attempt: 1 }),
      event(20, 'llm.started', 'ask', { call: 1, attempt: 1, name: 'local/tiny' }),
      event(100, 'step.retrying', 'ask', { attempt: 1, delay_s: 0.2, error: failure }),
      event(300, 'step.started', 'ask', { attempt: 2 }),
      event(310, 'llm.started', 'ask', { call: 1, attempt: 2, name: 'local/tiny' }),
      event(320, 'step.delta', 'ask', { call: 1, attempt: 2, offset: 0, text: 'Be' }),
      event(330, 'step.delta', 'ask', { call: 1, attempt: 2, offset: 2, text: 'cause' }),
      event(400, 'llm.finished', 'ask', { call: 1, attempt: 2, usage }),
      event(410, 'step.succeeded', 'ask', { output: 'Because', ports: ['out'], duration_ms: 400 }),
      event(420, 'run.succeeded', null, { output: 'Because' }),
    ])
    frame()

    expect(store.snapshot().run).toEqual({
      status: 'succeeded',
      seq: 9,
      startedAt: START,
      endedAt: START + 420,
      output: 'Because',
      error: null,
    })
    expect(store.stepOf('ask')).toEqual({
      key: 'ask',
      node: 'ask',
      turns: [],
      status: 'succeeded',
      begunAt: 2,
      handled: false,
      ports: ['out'],
      attempts: [
        { n: 1, startedAt: START + 10, endedAt: START + 100, outcome: 'failed', error: failure },
        { n: 2, startedAt: START + 300, endedAt: START + 410, outcome: 'succeeded', error: null },
      ],
      calls: [
        {
          n: 1,
          kind: 'llm',
          name: 'local/tiny',
          attempt: 1,
          startedAt: START + 20,
          endedAt: START + 100,
          failed: true,
          usage: null,
        },
        {
          n: 1,
          kind: 'llm',
          name: 'local/tiny',
          attempt: 2,
          startedAt: START + 310,
          endedAt: START + 400,
          failed: false,
          usage,
        },
      ],
      text: { call: 1, attempt: 2, text: 'Because', length: 7 },
      output: 'Because',
      notes: null,
      error: null,
      usage,
      startedAt: START + 10,
      endedAt: START + 410,
      durationMs: 400,
    })
  })

  it('with the error of a step that failed, and those that were skipped for it', () => {
    const event = journal()
    const { store, frame } = watched([
      event(0, 'run.started'),
      event(1, 'step.started', 'ask', { attempt: 1 }),
      event(2, 'step.failed', 'ask', { error: failure, handled: false, ports: [] }),
      event(3, 'step.skipped', 'write', {
        error: { ...failure, code: 'upstream_failed' },
      }),
      event(4, 'run.failed', null, { error: failure }),
    ])
    frame()

    const told = store.snapshot().steps.map(({ key, status, error }) => [key, status, error?.code])
    expect(told).toEqual([
      ['ask', 'failed', 'provider_error'],
      ['write', 'skipped', 'upstream_failed'],
    ])
    expect(store.snapshot().run.error).toEqual(failure)
  })
})

describe('the store', () => {
  it('takes each event once, however often the stream repeats it', () => {
    const event = journal()
    const events = [
      event(0, 'run.started'),
      event(1, 'step.started', 'ask'),
      event(2, 'step.retrying', 'ask'),
    ]
    const { store, frame } = watched([...events, ...events, ...events.slice(1)])
    frame()

    expect(store.seq).toBe(3)
    expect(store.stepOf('ask')?.attempts).toHaveLength(1)
  })

  it('tells only those whose node changed, once a frame', () => {
    const event = journal()
    const { store, frame } = watched([])
    const [ask, write, all] = [vi.fn(), vi.fn(), vi.fn()]
    store.subscribeToNode('ask', ask)
    store.subscribeToNode('write', write)
    store.subscribe(all)

    store.push(event(0, 'step.started', 'ask'))
    for (const at of [0, 1, 2]) {
      store.push(event(at, 'step.delta', 'ask', { call: 1, attempt: 1, offset: at, text: 'x' }))
    }
    expect(ask).not.toHaveBeenCalled()
    frame()
    expect([ask, write, all].map((each) => each.mock.calls.length)).toEqual([1, 0, 1])

    store.push(event(3, 'step.delta', 'ask', { call: 1, attempt: 1, offset: 3, text: '!' }))
    frame()
    expect([ask, write, all].map((each) => each.mock.calls.length)).toEqual([2, 0, 1])
    expect(store.stepOf('ask')?.text.text).toBe('xxx!')
  })

  it('gives the same snapshot until something happens', () => {
    const event = journal()
    const { store, frame } = watched([event(0, 'run.started')])
    frame()
    const before = store.snapshot()

    expect(store.snapshot()).toBe(before)
  })
})
