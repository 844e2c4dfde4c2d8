import { expect, it } from 'vitest'
import { rank, score } from './match'

const find = (query: string) =>
  rank(['Add Agent', 'Agent', 'Transform', 'Manage tokens'], query, (item) => [item])

it('a name that begins so comes before one that has a word that does, and before one that has it inside', () => {
  expect(find('age')).toEqual(['Agent', 'Add Agent', 'Manage tokens'])
})

it('letters in order are enough to find a name', () => {
  expect(find('tfm')).toEqual(['Transform'])
  expect(score('xyz', 'Transform')).toBeNull()
})

it('what explains an item counts less than its name', () => {
  const items = [
    ['Condition', 'sends a delay on'],
    ['Delay', 'waits'],
  ]

  expect(rank(items, 'delay', (item) => item).map(([name]) => name)).toEqual(['Delay', 'Condition'])
})

it('an empty query keeps every item in its place', () => {
  expect(find(' ')).toEqual(['Add Agent', 'Agent', 'Transform', 'Manage tokens'])
})
