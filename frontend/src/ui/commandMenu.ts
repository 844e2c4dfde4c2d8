import { useEffect, useSyncExternalStore } from 'react'
import type { ListItem } from './SearchList'

/** One entry of the command menu. */
export interface MenuCommand extends ListItem {
  keys?: string
  run: () => void
}

interface MenuState {
  open: boolean
  commands: ReadonlyMap<string, readonly MenuCommand[]>
}

let state: MenuState = { open: false, commands: new Map() }
const listeners = new Set<() => void>()

function set(next: Partial<MenuState>): void {
  state = { ...state, ...next }
  listeners.forEach((listener) => {
    listener()
  })
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const openCommandMenu = (): void => {
  set({ open: true })
}
export const closeCommandMenu = (): void => {
  set({ open: false })
}
export const toggleCommandMenu = (): void => {
  set({ open: !state.open })
}

/** Offers `commands` in the menu while the component is there. */
export function useCommands(source: string, commands: readonly MenuCommand[]): void {
  useEffect(() => {
    set({ commands: new Map(state.commands).set(source, commands) })
    return () => {
      const rest = new Map(state.commands)
      rest.delete(source)
      set({ commands: rest })
    }
  }, [source, commands])
}

export const useCommandMenu = (): MenuState => useSyncExternalStore(subscribe, () => state)
