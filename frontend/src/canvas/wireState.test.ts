import { expect, it } from 'vitest'
import type { RunEvent } from '@/live/events'
import { LiveStore } from '@/live/store'
import { journal } from '@/testing/events'
import { isBehind, loopState, wireState } from './wireState'

/** Draft and judge in a loop, after `events`. */
function after(events: RunEvent[]) {
  const store = new LiveStore((flush) => {
    flush()
  })
  for (const event of events) store.push(event)
  return { draft: store.nodeSteps('draft'), judge: store.nodeSteps('judge') }
}

const event = journal()
const first = [
  event(0, 'step.started', 'draft'),
  event(1, 'step.succeeded', 'draft'),
  event(1, 'step.started', 'judge'),
  event(2, 'step.succeeded', 'judge', { ports: ['false'] }),
]
const second = [...first, event(2, 'step.started', 'draft~2')]
const done = [
  ...second,
  event(3, 'step.succeeded', 'draft~2'),
  event(3, 'step.started', 'judge~2'),
  event(4, 'step.succeeded', 'judge~2', { ports: ['true'] }),
]

it('what a port did not carry is dead', () => {
  const { judge } = after(first)

  expect(wireState(judge?.latest, undefined, 'true')).toBe('dead')
})

it('once the loop is in another pass, what a node gave in the one before no longer counts', () => {
  const { draft, judge } = after(second)

  expect(isBehind(judge, draft)).toBe(true)
  expect(loopState(judge, draft, 'false')).toBe('flowing')
})

it('a loop that was gone round stays lit at its end', () => {
  const { draft, judge } = after(done)

  expect(isBehind(judge, draft)).toBe(false)
  expect([loopState(judge, draft, 'false'), loopState(judge, draft, 'error')]).toEqual([
    'live',
    'dead',
  ])
})
