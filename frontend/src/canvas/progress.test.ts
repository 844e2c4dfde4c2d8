import { expect, it } from 'vitest'
import type { RunEvent } from '@/live/events'
import { LiveStore } from '@/live/store'
import { journal } from '@/testing/events'
import { progressOf } from './progress'

function told(events: RunEvent[], split?: string) {
  const store = new LiveStore((flush) => {
    flush()
  })
  for (const event of events) store.push(event)
  const steps = store.nodeSteps('judge')
  return steps && progressOf(steps, split, store)
}

it('a node that does not repeat tells no progress', () => {
  const event = journal()

  expect(told([event(0, 'step.started', 'judge')])).toBeNull()
})

it('in a loop the pass is told', () => {
  const event = journal()
  const events = [event(0, 'step.started', 'judge'), event(1, 'step.started', 'judge~3')]

  expect(told(events)).toEqual({ words: 'pass 3', failed: 0 })
})

it('in a split the items done are told of all that the split gave', () => {
  const event = journal()
  const events = [
    event(0, 'step.succeeded', 'rows', { output: ['a', 'b', 'c'] }),
    event(1, 'step.started', 'judge:0'),
    event(1, 'step.started', 'judge:1'),
    event(2, 'step.failed', 'judge:1'),
  ]

  expect(told(events, 'rows')).toEqual({ words: '1 of 3', failed: 1 })
})

it('of a list that is too long for an event only what is done is told', () => {
  const event = journal()
  const events = [
    event(0, 'step.succeeded', 'rows', { output: { $blob: 'x' } }),
    event(1, 'step.succeeded', 'judge:0'),
  ]

  expect(told(events, 'rows')).toEqual({ words: '1 done', failed: 0 })
})
