import '@testing-library/jest-dom/vitest'
import { cleanup } from '@testing-library/react'
import { afterEach, beforeEach, vi } from 'vitest'

class NoResize implements ResizeObserver {
  observe() {
    // jsdom has no layout, so nothing is ever resized.
  }
  unobserve() {
    // As above.
  }
  disconnect() {
    // As above.
  }
}

globalThis.ResizeObserver = NoResize
Element.prototype.scrollIntoView = () => undefined

beforeEach(() => {
  // A warning is a failure: React tells of wrong use no other way.
  for (const level of ['error', 'warn'] as const) {
    vi.spyOn(console, level).mockImplementation((...said: unknown[]) => {
      throw new Error(`console.${level}: ${said.map(String).join(' ')}`)
    })
  }
})

afterEach(() => {
  cleanup()
  localStorage.clear()
})
