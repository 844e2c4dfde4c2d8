import { expect, it } from 'vitest'
import { NODE_TYPES } from '@/testing/contracts'
import { hasIcon } from './nodeIcons'

it('every icon that the catalogue names is there to be drawn', () => {
  expect(NODE_TYPES.map(({ icon }) => icon).filter((icon) => !hasIcon(icon))).toEqual([])
})
