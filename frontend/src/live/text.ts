import type { Delta } from './events'

/** The text that a model call has streamed so far. */
export interface StreamedText {
  readonly call: number
  readonly attempt: number
  readonly text: string
  /** Its length in code points, which is how deltas count. */
  readonly length: number
}

export const NO_TEXT: StreamedText = { call: 0, attempt: 0, text: '', length: 0 }

/**
 * `before` with a delta put in at its offset.
 *
 * A delta seen twice changes nothing. One that starts past the end is dropped: the server
 * notices such gaps too and sends the text so far, from offset 0. A later call or attempt starts anew.
 */
export function extend(before: StreamedText, delta: Delta): StreamedText {
  const { call, attempt, offset, text } = delta
  if (isOlder(before, call, attempt)) return before
  const same = before.call === call && before.attempt === attempt
  const held = same ? before : { ...NO_TEXT, call, attempt }
  if (offset > held.length) return held
  const added = [...text]
  if (offset === held.length) {
    return { call, attempt, text: held.text + text, length: held.length + added.length }
  }
  const points = [...held.text]
  const whole = [...points.slice(0, offset), ...added, ...points.slice(offset + added.length)]
  return { call, attempt, text: whole.join(''), length: whole.length }
}

function isOlder(before: StreamedText, call: number, attempt: number): boolean {
  return attempt < before.attempt || (attempt === before.attempt && call < before.call)
}
