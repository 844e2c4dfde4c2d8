import type { Workflow } from '@/api/types'
import type { Draft } from '@/graph/document'
import { sameJson } from '@/graph/json'

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

function unsavedOf(workflow: string): Unsaved | null {
  const text = localStorage.getItem(keyOf(workflow))
  return text ? (JSON.parse(text) as Unsaved) : null
}

export interface Opening {
  /** What the editor begins with. */
  draft: Draft
  /** What that draft is saved against. */
  saved: Workflow
}

/**
 * A draft that never reached the server goes on where it was. It keeps the revision that it edits,
 * so that where another was saved since, the two meet as a conflict.
 */
export function opening(saved: Workflow): Opening {
  const unsaved = unsavedOf(saved.id)
  const draft = { name: saved.name, graph: saved.graph }
  if (!unsaved || sameJson(unsaved.draft, draft)) return { draft, saved }
  return { draft: unsaved.draft, saved: { ...saved, revision: unsaved.revision } }
}
