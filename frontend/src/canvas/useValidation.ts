import { useEffect } from 'react'
import { validateGraph } from '@/api/queries'
import type { Graph } from '@/graph/document'
import { gather } from '@/graph/problems'
import type { EditorStore } from './editorStore'
import { graphOf } from './editorStore'

const AFTER_MS = 350

/** Asks the server what is wrong with the graph, a moment after each change; the last answer wins. */
export function useValidation(store: EditorStore): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let asking = new AbortController()
    const ask = async (graph: Graph) => {
      asking.abort()
      asking = new AbortController()
      try {
        const found = await validateGraph(store.getState().workflow, graph, asking.signal)
        store.getState().setProblems(gather(found.errors, found.warnings))
        store.getState().setRegions(found.regions)
      } catch {
        // Overtaken by a newer change, or offline, which the save state tells already.
      }
    }
    void ask(graphOf(store.getState()))
    const stop = store.subscribe((state, before) => {
      if (graphOf(state) === graphOf(before)) return
      clearTimeout(timer)
      timer = setTimeout(() => void ask(graphOf(store.getState())), AFTER_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
      asking.abort()
    }
  }, [store])
}
