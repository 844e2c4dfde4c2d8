import { expect, it } from 'vitest'
import { nameOfTurns, nodeIn, partsOf, suffixOf, turnsOf } from './key'

it.each([
  ['judge', [{ id: 'judge', turns: [] }]],
  ['judge~2', [{ id: 'judge', turns: [{ kind: 'pass', n: 2 }] }]],
  [
    'judge:7~2',
    [
      {
        id: 'judge',
        turns: [
          { kind: 'item', n: 7 },
          { kind: 'pass', n: 2 },
        ],
      },
    ],
  ],
  [
    'review~2.judge:7',
    [
      { id: 'review', turns: [{ kind: 'pass', n: 2 }] },
      { id: 'judge', turns: [{ kind: 'item', n: 7 }] },
    ],
  ],
])('the key %s is read part by part', (key, parts) => {
  expect(partsOf(key)).toEqual(parts)
})

it('a key names its node and its turns, which can be written again', () => {
  expect(nodeIn('review~2.judge:7~1')).toBe('review.judge')
  expect(suffixOf(turnsOf('judge:7~2'))).toBe(':7~2')
})

it('people count items from 1, and the plain key is the first pass', () => {
  expect(nameOfTurns(turnsOf('judge:7~2'))).toBe('Item 8, pass 2')
  expect(nameOfTurns([])).toBe('Pass 1')
})
