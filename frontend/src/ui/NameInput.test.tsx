import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it } from 'vitest'
import { NameInput } from './NameInput'

function setUp() {
  const reported: string[] = []
  function Harness() {
    const [name, setName] = useState('old')
    return (
      <NameInput
        aria-label="Name"
        value={name}
        accepts={(next) => next !== 'taken'}
        onChange={(next) => {
          reported.push(next)
          setName(next)
        }}
      />
    )
  }
  render(<Harness />)
  return { user: userEvent.setup(), box: screen.getByLabelText('Name'), reported }
}

it('a name is emptied on the way to another, and never reported empty', async () => {
  const { user, box, reported } = setUp()
  await user.clear(box)
  await user.type(box, 'ab')

  expect(box).toHaveValue('ab')
  expect(reported).toEqual(['a', 'ab'])
})

it('what cannot be the name is forgotten when the box is left', async () => {
  const { user, box, reported } = setUp()
  await user.clear(box)
  await user.type(box, 'taken')
  expect(box).toHaveValue('taken')
  await user.tab()

  expect(box).toHaveValue('take')
  expect(reported.at(-1)).toBe('take')
})
