import type { NodeType, Port } from '@/graph/catalogue'

/** A card's measures in canvas pixels. They follow from its type and ports alone, so a run never moves a wire. */
export const CARD_WIDTH = 240
const HEADER = 46
const LINE = 18
const BODY_GAP = 11
const PORT_ROW = 24
const FOOT = 6

/** Lines of meaning on a card: two where a node says something as it works. */
export const linesOf = (type: NodeType | undefined): 1 | 2 =>
  !type || type.effect === 'pure' ? 1 : 2

export function cardHeight(type: NodeType | undefined, outputs: readonly Port[]): number {
  const ports = outputs.length > 1 ? outputs.length * PORT_ROW + FOOT : 0
  return HEADER + linesOf(type) * LINE + BODY_GAP + ports
}

/** The middle of an output's handle, from the card's top: a lone one stands level with the input. */
export function outputTop(type: NodeType | undefined, index: number, count: number): number {
  if (count === 1) return inputTop()
  return HEADER + linesOf(type) * LINE + BODY_GAP + index * PORT_ROW + PORT_ROW / 2
}

export const inputTop = (index = 0): number => HEADER / 2 + index * PORT_ROW
