import { expect, it } from 'vitest'
import { ago, cost, count, duration } from './format'

it.each([
  [null, '–'],
  [0.04, '<1 ms'],
  [840, '840 ms'],
  [3240, '3.2 s'],
  [42_300, '42 s'],
  [125_000, '2 m 05 s'],
  [3_840_000, '1 h 04 m'],
])('%s milliseconds read %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

it.each([
  [null, ''],
  [0, '$0'],
  [0.00001, '<$0.0001'],
  [0.00082, '$0.0008'],
  [1.5, '$1.50'],
])('%s dollars read %s', (usd, text) => {
  expect(cost(usd)).toBe(text)
})

it('large counts are shortened', () => {
  expect([999, 2752, 12_345].map(count)).toEqual(['999', '2,752', '12.3k'])
})

it('a moment is told from now', () => {
  const now = Date.parse('2026-11-24T12:00:00Z')

  expect(ago('2026-11-24T11:59:40Z', now)).toBe('just now')
  expect(ago('2026-11-24T11:55:00Z', now)).toBe('5 min. ago')
  expect(ago('2026-11-23T11:00:00Z', now)).toBe('yesterday')
  expect(ago('2026-10-01T11:00:00Z', now)).toBe('Oct 1, 2026')
})
