import type { Draft } from '@/graph/document'

/** A draft that the server has not yet, kept in this browser in case the page closes first. */
export interface Unsaved {
  revision: number
  draft: Draft
}

const keyOf = (workflow: string) => `wireloom.unsaved.${workflow}`

export function keepUnsaved(workflow: string, unsaved: Unsaved | null): void {
  try {
    if (unsaved) localStorage.setItem(keyOf(workflow), JSON.stringify(unsaved))
    else localStorage.removeItem(keyOf(workflow))
  } catch {
    // A full or forbidden storage costs this safety net, not the edit itself.
  }
}

export function unsavedOf(workflow: string): Unsaved | null {
  const text = localStorage.getItem(keyOf(workflow))
  return text ? (JSON.parse(text) as Unsaved) : null
}
