import { expect, it } from 'vitest'
import { journal } from '@/testing/events'
import type { RunEvent } from './events'
import { LiveStore } from './store'

function after(events: RunEvent[]) {
  const store = new LiveStore((flush) => {
    flush()
  })
  for (const event of events) store.push(event)
  const steps = store.nodeSteps('judge')
  if (!steps) return undefined
  const { latest, speaking } = steps
  const keys = steps.steps.map(({ key }) => key)
  return { ...steps, latest: latest.key, speaking: speaking.key, steps: keys }
}

it('of a loop the latest pass is told', () => {
  const event = journal()
  const told = after([
    event(0, 'step.started', 'judge'),
    event(1, 'step.succeeded', 'judge'),
    event(2, 'step.started', 'judge~2'),
  ])

  expect(told).toEqual({
    latest: 'judge~2',
    speaking: 'judge~2',
    status: 'running',
    steps: ['judge', 'judge~2'],
    pass: 2,
    items: null,
  })
})

it('of a split all items are counted, those that failed apart, whichever came last', () => {
  const event = journal()
  const told = after([
    event(0, 'step.started', 'judge:0'),
    event(0, 'step.started', 'judge:1'),
    event(0, 'step.started', 'judge:2'),
    event(1, 'step.failed', 'judge:1', { handled: true }),
    event(2, 'step.succeeded', 'judge:2'),
  ])

  expect(told?.status).toBe('running')
  expect(told?.items).toEqual({ done: 2, failed: 1, suffix: '' })
})

it('an item that failed shows after all have ended', () => {
  const event = journal()
  const told = after([
    event(0, 'step.started', 'judge:0'),
    event(0, 'step.started', 'judge:1'),
    event(1, 'step.failed', 'judge:0'),
    event(2, 'step.succeeded', 'judge:1'),
  ])

  expect(told?.status).toBe('failed')
})

it('of a split within a loop the items of the latest pass are counted', () => {
  const event = journal()
  const told = after([
    event(0, 'step.started', 'judge:0'),
    event(1, 'step.succeeded', 'judge:0'),
    event(1, 'step.started', 'judge:1'),
    event(2, 'step.succeeded', 'judge:1'),
    event(3, 'step.started', 'judge~2:0'),
    event(4, 'step.succeeded', 'judge~2:0'),
  ])

  expect(told?.items).toEqual({ done: 1, failed: 0, suffix: '~2' })
})

it('a loop within an item makes one item of its passes', () => {
  const event = journal()
  const told = after([
    event(0, 'step.started', 'judge:0'),
    event(1, 'step.succeeded', 'judge:0'),
    event(2, 'step.started', 'judge:0~2'),
  ])

  expect(told?.items).toEqual({ done: 0, failed: 0, suffix: '' })
})

it('of items under way one is heard that has something to say', () => {
  const event = journal()
  const told = after([
    event(0, 'step.started', 'judge:0'),
    event(0, 'step.started', 'judge:1'),
    event(1, 'step.delta', 'judge:0', { text: 'Because' }),
  ])

  expect([told?.latest, told?.speaking]).toEqual(['judge:1', 'judge:0'])
})
