import { expect, it } from 'vitest'
import { lanePath } from './lanePath'

it('the way back goes right, down to its lane, left past the target, and up into it', () => {
  const path = lanePath({ x: 600, y: 40 }, { x: 100, y: 20 }, 200)
  const points = [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ])

  expect(points[0]).toEqual([600, 40])
  expect(points.at(-1)).toEqual([100, 20])
  expect(Math.max(...points.map(([x = 0]) => x))).toBe(616)
  expect(Math.min(...points.map(([x = 0]) => x))).toBe(84)
  expect(Math.max(...points.map(([, y = 0]) => y))).toBe(200)
})
