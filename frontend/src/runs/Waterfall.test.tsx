import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { LiveStore } from '@/live/store'
import { journal } from '@/testing/events'
import { Waterfall } from './Waterfall'

function snapshot() {
  const event = journal()
  const store = new LiveStore((flush) => {
    flush()
  })
  const usage = { input_tokens: 700, output_tokens: 310, cost_usd: 0.002 }
  for (const each of [
    event(0, 'run.started'),
    event(0, 'step.started', 'ask', { attempt: 1 }),
    event(10, 'llm.started', 'ask', { call: 1, attempt: 1, name: 'local/tiny' }),
    event(3400, 'llm.finished', 'ask', { call: 1, attempt: 1, usage }),
    event(3500, 'step.succeeded', 'ask', { duration_ms: 3500 }),
    event(3500, 'step.skipped', 'write'),
    event(3600, 'run.succeeded'),
  ]) {
    store.push(each)
  }
  return store.snapshot()
}

it('each row tells its name, its status, its tokens, its cost and its time', () => {
  render(
    <Waterfall
      snapshot={snapshot()}
      nameOf={(id) => id.toUpperCase()}
      selected={null}
      onSelect={vi.fn()}
    />,
  )

  expect(screen.getAllByRole('button').map((row) => row.textContent)).toEqual([
    'ASKSucceeded1,010 tok$0.00203.5 s',
    'local/tiny1,010 tok$0.00203.4 s',
    'WRITESkippedskipped',
  ])
})

it('a click selects the step, or the call', async () => {
  const onSelect = vi.fn()
  render(<Waterfall snapshot={snapshot()} nameOf={(id) => id} selected="ask" onSelect={onSelect} />)
  await userEvent.click(screen.getByRole('button', { name: /^ask/ }))
  await userEvent.click(screen.getByRole('button', { name: /local\/tiny/ }))

  expect(onSelect.mock.calls).toEqual([
    ['ask', null],
    ['ask', '1.1'],
  ])
  expect(screen.getByRole('button', { name: /^ask/ })).toHaveAttribute('aria-current', 'true')
})
