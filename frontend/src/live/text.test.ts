import { expect, it } from 'vitest'
import { extend, NO_TEXT } from './text'

const delta = (offset: number, text: string, call = 1, attempt = 1) => ({
  step: 'a',
  call,
  attempt,
  offset,
  text,
})
const streamed = (...deltas: ReturnType<typeof delta>[]) => deltas.reduce(extend, NO_TEXT).text

it('deltas are put together in the order of their offsets', () => {
  expect(streamed(delta(0, 'Hel'), delta(3, 'lo'))).toBe('Hello')
})

it('a delta that comes twice changes nothing', () => {
  expect(streamed(delta(0, 'Hel'), delta(3, 'lo'), delta(0, 'Hel'), delta(3, 'lo'))).toBe('Hello')
})

it('offsets count code points, not UTF-16 units', () => {
  expect(streamed(delta(0, '🌊🌙'), delta(2, ' tide'), delta(1, '☀'))).toBe('🌊☀ tide')
})

it('after a gap nothing is guessed: the text so far comes anew', () => {
  expect(streamed(delta(0, 'Hel'), delta(9, 'rld'), delta(0, 'Hello world'))).toBe('Hello world')
})

it('another call, or another attempt, starts anew, and an older one is ignored', () => {
  expect(streamed(delta(0, 'first'), delta(0, 'second', 2), delta(5, '!', 1))).toBe('second')
  expect(streamed(delta(0, 'first', 2), delta(0, 'again', 1, 2))).toBe('again')
})
