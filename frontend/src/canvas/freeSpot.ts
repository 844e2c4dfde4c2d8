import type { Position } from '@/graph/document'
import { NEW_NOTE } from '@/graph/notes'
import type { EditorState } from './editorStore'
import { placedOf } from './editorStore'
import { CARD_WIDTH, cardHeight } from './geometry'
import type { Placeable } from './nodeItems'

const ROOM = 20
const STEP = 40

/**
 * `at`, or the nearest place below it that is free.
 *
 * A card keeps clear of cards alone: a note may be the sheet that they are to lie on.
 */
export function freeSpot(state: EditorState, what: Placeable, at: Position): Position {
  const others = what === 'note' ? placedOf(state) : state.nodes
  const { width, height } = what === 'note' ? NEW_NOTE : sizeOf(what)
  const taken = (y: number) =>
    others.some(
      ({ position, width: otherWidth = 0, height: otherHeight = 0 }) =>
        apart(at.x, width, position.x, otherWidth) < ROOM &&
        apart(y, height, position.y, otherHeight) < ROOM,
    )
  let { y } = at
  while (taken(y)) y += STEP
  return { x: at.x, y }
}

const sizeOf = (type: Exclude<Placeable, 'note'>) => ({
  width: CARD_WIDTH,
  height: cardHeight(type, type.outputs),
})

/** How far two stretches are from each other; less than nothing where they overlap. */
const apart = (a: number, length: number, b: number, otherLength: number): number =>
  Math.max(b - (a + length), a - (b + otherLength))
