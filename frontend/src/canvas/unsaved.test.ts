import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Workflow } from '@/api/types'
import { EMPTY_GRAPH } from '@/graph/document'
import { keepUnsaved, opening } from './unsaved'

const saved = { id: 'w1', name: 'Saved', graph: EMPTY_GRAPH, revision: 7 } as Workflow
const draft = (name: string) => ({ name, graph: EMPTY_GRAPH })

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
    removeItem: (key: string) => kept.delete(key),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

it('a workflow opens as it was saved', () => {
  expect(opening(saved)).toEqual({ draft: draft('Saved'), saved })
})

it('a draft that never reached the server is opened, against the revision that it edits', () => {
  keepUnsaved('w1', { revision: 6, draft: draft('Mine') })

  expect(opening(saved)).toEqual({ draft: draft('Mine'), saved: { ...saved, revision: 6 } })
})

it('a draft that did reach the server, though the page never heard of it, is no conflict', () => {
  keepUnsaved('w1', { revision: 6, draft: draft('Saved') })

  expect(opening(saved).saved.revision).toBe(7)
})

it('what is saved is no longer kept', () => {
  keepUnsaved('w1', { revision: 6, draft: draft('Mine') })
  keepUnsaved('w1', null)

  expect(opening(saved).draft).toEqual(draft('Saved'))
})
