import { useState } from 'react'

const KEY = 'wireloom.inspector.width'
const STANDARD = 348
export const NARROWEST = 288
export const WIDEST = 680

/** The inspector's width in pixels, kept in this browser. */
export function usePanelWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => clamp(Number(localStorage.getItem(KEY)) || STANDARD))
  const change = (next: number) => {
    setWidth(clamp(next))
    localStorage.setItem(KEY, String(clamp(next)))
  }
  return [width, change]
}

const clamp = (width: number) => Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)))
