import type { Position } from '@/graph/document'

const REACH = 16
const ROUND = 14

/** The path from an output back to an input on its left, along a lane below both, with rounded corners. */
export function lanePath(from: Position, to: Position, lane: number): string {
  const [right, left] = [from.x + REACH, to.x - REACH]
  const round = Math.min(ROUND, Math.abs(lane - from.y) / 2, Math.abs(lane - to.y) / 2)
  const corner = (x: number, y: number, cornerX: number, cornerY: number) =>
    `Q ${at(cornerX, cornerY)} ${at(x, y)}`
  return [
    `M ${at(from.x, from.y)}`,
    `L ${at(right - round, from.y)}`,
    corner(right, from.y + round, right, from.y),
    `L ${at(right, lane - round)}`,
    corner(right - round, lane, right, lane),
    `L ${at(left + round, lane)}`,
    corner(left, lane - round, left, lane),
    `L ${at(left, to.y + round)}`,
    corner(left + round, to.y, left, to.y),
    `L ${at(to.x, to.y)}`,
  ].join(' ')
}

const at = (x: number, y: number) => `${String(x)},${String(y)}`
