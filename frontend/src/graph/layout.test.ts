import { expect, it } from 'vitest'
import { arrange } from './layout'

const box = (id: string) => ({ id, width: 100, height: 40 })

it('children stand to the right of their parents, and no two boxes overlap', () => {
  const places = arrange(
    [box('a'), box('b'), box('c')],
    [
      { source: 'a', target: 'b' },
      { source: 'a', target: 'c' },
    ],
  )
  const [a, b, c] = ['a', 'b', 'c'].map((id) => places.get(id) ?? { x: NaN, y: NaN })

  expect(a && b && b.x - a.x).toBeGreaterThan(100)
  expect(b && c && Math.abs(b.y - c.y)).toBeGreaterThan(40)
  expect(b?.x).toBe(c?.x)
})
