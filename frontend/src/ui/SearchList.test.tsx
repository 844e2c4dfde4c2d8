import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { SearchList } from './SearchList'

const ITEMS = ['Agent', 'Condition', 'Delay'].map((label) => ({ id: label, label }))

function setUp() {
  const picked = vi.fn()
  const escaped = vi.fn()
  render(
    <SearchList
      label="Node type"
      placeholder="Add a node…"
      items={ITEMS}
      autoFocus
      onPick={({ id }) => {
        picked(id)
      }}
      onEscape={escaped}
      typed={(query) => (query.includes('/') ? { id: query, label: `Use ${query}` } : null)}
    />,
  )
  return { user: userEvent.setup(), picked, escaped }
}

it('two keystrokes pick what is meant', async () => {
  const { user, picked } = setUp()
  await user.keyboard('d{Enter}')

  expect(picked).toHaveBeenCalledExactlyOnceWith('Delay')
})

it('arrows go round the list, and the box tells where', async () => {
  const { user, picked } = setUp()
  await user.keyboard('{ArrowUp}')
  const box = screen.getByRole('combobox', { name: 'Node type' })
  expect(box).toHaveAttribute(
    'aria-activedescendant',
    screen.getByRole('option', { selected: true }).id,
  )

  await user.keyboard('{ArrowDown}{ArrowDown}{Enter}')
  expect(picked).toHaveBeenCalledExactlyOnceWith('Condition')
})

it('what is not listed can be typed where that is allowed', async () => {
  const { user, picked } = setUp()
  await user.keyboard('openai/gpt-x{Enter}')

  expect(picked).toHaveBeenCalledExactlyOnceWith('openai/gpt-x')
})

it('says so when nothing fits, and Escape leaves', async () => {
  const { user, escaped } = setUp()
  await user.keyboard('zzz')
  expect(screen.getByText('Nothing is called “zzz”.')).toBeInTheDocument()

  await user.keyboard('{Escape}')
  expect(escaped).toHaveBeenCalledOnce()
})
