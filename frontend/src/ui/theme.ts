import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'wireloom.theme'
const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const listeners = new Set<() => void>()

function stored(): Theme {
  const value = localStorage.getItem(KEY) as Theme
  return THEMES.includes(value) ? value : 'system'
}

/** Puts the chosen theme on the page; the style sheet follows the system where none is chosen. */
export function applyTheme(theme: Theme = stored()): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme)
  applyTheme(theme)
  listeners.forEach((listener) => {
    listener()
  })
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, stored)
