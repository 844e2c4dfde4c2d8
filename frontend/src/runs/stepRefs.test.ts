import { expect, it } from 'vitest'
import type { StepStatus } from '@/api/types'
import { inTurn, nextFailed, wordsFor } from './stepRefs'

const step = (key: string, status: StepStatus = 'succeeded') => ({ key, status })

it('steps stand in the order of their passes and items, not in that of their beginning', () => {
  const steps = ['judge~2:1', 'judge:10', 'judge:2', 'judge~2:0'].map((key) => step(key))

  expect(inTurn(steps).map(({ key }) => key)).toEqual([
    'judge:2',
    'judge:10',
    'judge~2:0',
    'judge~2:1',
  ])
})

it('passes stand in their order, the first of which has no mark', () => {
  const steps = ['judge~3', 'judge', 'judge~2'].map((key) => step(key))

  expect(inTurn(steps).map(({ key }) => key)).toEqual(['judge', 'judge~2', 'judge~3'])
})

it('what did not succeed is said', () => {
  expect(wordsFor(step('judge:7', 'failed'))).toBe('Item 8 – failed')
  expect(wordsFor(step('judge~2'))).toBe('Pass 2')
})

it('the next failure is looked for round from the end', () => {
  const steps = [step('a:0', 'failed'), step('a:1'), step('a:2', 'failed')]

  expect([nextFailed(steps, 0), nextFailed(steps, 2), nextFailed(steps.slice(0, 2), 0)]).toEqual([
    2,
    0,
    null,
  ])
})
