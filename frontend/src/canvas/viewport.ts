import type { Viewport } from '@xyflow/react'
import { getViewportForBounds } from '@xyflow/react'
import type { Position } from '@/graph/document'

export const ZOOM = { least: 0.05, most: 2 } as const

/** Room is left for the toolbar below, and for the figures that a run writes under a card. */
const ROOM = { top: '40px', bottom: '96px', x: '6%' } as const

/** Where there is no toolbar. */
export const BARE_ROOM = { top: '24px', bottom: '40px', x: '5%' } as const

type Room = typeof ROOM | typeof BARE_ROOM

const PHONE = 720
const READABLE = 0.52

/** What lies on the canvas: a card, a note. */
interface Placed {
  position: Position
  width?: number
  height?: number
}

/**
 * The viewport that has everything in sight, in a canvas of so many pixels.
 *
 * React Flow's own fit counts only the nodes that are on the page, which with culling are not all.
 */
export function viewportOf(
  things: readonly Placed[],
  width: number,
  height: number,
  room: Room = ROOM,
): Viewport {
  if (things.length === 0) return { x: width / 2, y: height / 2, zoom: 1 }
  const x = Math.min(...things.map(({ position }) => position.x))
  const y = Math.min(...things.map(({ position }) => position.y))
  const rights = things.map(({ position, width: own = 0 }) => position.x + own)
  const bottoms = things.map(({ position, height: own = 0 }) => position.y + own)
  const bounds = {
    x,
    y,
    width: Math.max(...rights) - x,
    height: Math.max(...bottoms) - y,
  }
  const whole = getViewportForBounds(bounds, width, height, ZOOM.least, 1, room)
  return width < PHONE && whole.zoom < READABLE ? startOf(bounds, height) : whole
}

/** Where the whole graph would be too small to read, on a phone: its left end. */
function startOf(bounds: { x: number; y: number; height: number }, height: number): Viewport {
  const middle = bounds.y + bounds.height / 2
  return { x: 24 - bounds.x * READABLE, y: height / 2 - middle * READABLE, zoom: READABLE }
}
