import { expect, it } from 'vitest'
import type { LiveSnapshot } from '@/live/store'
import { LiveStore } from '@/live/store'
import { journal, START } from '@/testing/events'
import type { Regions } from '@/graph/regions'
import { NO_REGIONS } from '@/graph/regions'
import { rowsOf, treeOf } from './rows'
import { barsOf, durationOf, scaleOf, ticksOf } from './timeline'

const SHUT = { chosen: new Map<string, boolean>(), toSelected: new Set<string>() }

function timelineOf(snapshot: LiveSnapshot, now: number, regions: Regions = NO_REGIONS) {
  const scale = scaleOf(snapshot, now)
  const rows = rowsOf(treeOf(snapshot.steps, regions), SHUT)
  return {
    totalMs: scale.totalMs,
    rows: rows.map((row) => ({
      id: row.id,
      durationMs: durationOf(row, scale),
      bars: barsOf(row, scale),
    })),
  }
}

function snapshotOf(events: Parameters<LiveStore['push']>[0][]) {
  const store = new LiveStore((flush) => {
    flush()
  })
  for (const event of events) store.push(event)
  return store.snapshot()
}

it('each step is a row with a bar for each attempt, and below it a row for each call', () => {
  const event = journal()
  const snapshot = snapshotOf([
    event(0, 'run.started'),
    event(0, 'step.started', 'ask', { attempt: 1 }),
    event(250, 'step.retrying', 'ask', {
      error: { code: 'provider_error', message: 'It answered 503.', node: 'ask', attempts: 1 },
    }),
    event(500, 'step.started', 'ask', { attempt: 2 }),
    event(500, 'llm.started', 'ask', { call: 1, attempt: 2, name: 'local/tiny' }),
    event(1000, 'llm.finished', 'ask', { call: 1, attempt: 2 }),
    event(1000, 'step.succeeded', 'ask', { duration_ms: 1000 }),
    event(1000, 'run.succeeded'),
  ])

  const { rows, totalMs } = timelineOf(snapshot, START + 9999)

  expect(totalMs).toBe(1000)
  expect(rows).toEqual([
    {
      id: 'ask',
      durationMs: 1000,
      bars: [
        { from: 0, width: 0.25, tone: 'bad', title: 'Attempt 1: It answered 503.' },
        { from: 0.5, width: 0.5, tone: 'ok', title: 'Attempt 2' },
      ],
    },
    {
      id: 'ask#2.1',
      durationMs: 500,
      bars: [{ from: 0.5, width: 0.5, tone: 'idle', title: 'llm local/tiny' }],
    },
  ])
})

it('while a run goes on, its bars reach to now', () => {
  const event = journal()
  const snapshot = snapshotOf([event(0, 'run.started'), event(100, 'step.started', 'ask')])

  expect(timelineOf(snapshot, START + 200).rows[0]?.bars).toEqual([
    { from: 0.5, width: 0.5, tone: 'busy', title: 'Attempt 1' },
  ])
})

it('steps are told in the order in which they began, whenever their text came', () => {
  const event = journal()
  const snapshot = snapshotOf([
    event(0, 'step.delta', 'late', { call: 1, attempt: 1, offset: 0, text: 'so far' }),
    event(0, 'run.started'),
    event(1, 'step.started', 'first'),
    event(1, 'step.started', 'late'),
  ])

  expect(timelineOf(snapshot, START + 2).rows.map(({ id }) => id)).toEqual(['first', 'late'])
})

it.each([
  [1000, [500]],
  [9400, [5000]],
  [4000, [1000, 2000, 3000]],
])('%i ms are divided at round times', (total, ticks) => {
  expect(ticksOf(total)).toEqual(ticks)
})
