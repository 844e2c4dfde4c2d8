import type { JsonObject } from '@/graph/json'

const keyOf = (workflow: string) => `wireloom.input.${workflow}`

/** What the last run of a workflow was given in this browser; for a new one from the gallery, its sample. */
export function inputOf(workflow: string): JsonObject {
  const text = localStorage.getItem(keyOf(workflow))
  return text ? (JSON.parse(text) as JsonObject) : {}
}

export function rememberInput(workflow: string, input: JsonObject): void {
  localStorage.setItem(keyOf(workflow), JSON.stringify(input))
}
