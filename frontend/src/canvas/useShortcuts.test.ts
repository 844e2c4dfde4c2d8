import { expect, it } from 'vitest'
import { chordOf, SHORTCUTS } from './useShortcuts'

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {},
) => chordOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held })

it.each([
  [press('z', { ctrlKey: true }), 'Mod+z'],
  [press('Z', { metaKey: true, shiftKey: true }), 'Mod+Shift+z'],
  [press('+', { shiftKey: true }), '+'],
  [press('/', {}), '/'],
  [press('ArrowRight', { altKey: true }), 'Alt+ArrowRight'],
  [press('Backspace'), 'Backspace'],
])('keys are read as %s', (chord, wanted) => {
  expect(chord).toBe(wanted)
  expect(SHORTCUTS).toHaveProperty([wanted])
})
