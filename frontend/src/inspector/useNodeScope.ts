import { useMemo } from 'react'
import { useFunctions, useRun, useSteps } from '@/api/queries'
import type { Step } from '@/api/types'
import { graphOf, useEditor } from '@/canvas/editorStore'
import type { ExpressionFunction } from '@/graph/completion'
import type { Json, JsonObject } from '@/graph/json'
import type { Regions } from '@/graph/regions'
import { regionsAround } from '@/graph/regions'
import { scopeAt } from '@/graph/scope'
import { suffixOf, turnsOf } from '@/live/key'
import type { CodeScope } from './code/ScopeContext'

const NO_FUNCTIONS: readonly ExpressionFunction[] = []

/** The names that expressions at a node see, with what they stood for in the last run: in its last pass or item. */
export function useNodeScope(id: string, run: string | null): CodeScope {
  const graph = useEditor(graphOf)
  const regions = useEditor((state) => state.regions)
  const last = useRun(run)
  const functions = useFunctions().data ?? NO_FUNCTIONS
  const steps = useSteps(run, last.data?.status ?? '')
  return useMemo(() => {
    const kept = steps.data?.results ?? []
    const own = kept.findLast((step) => step.node === id)?.key ?? id
    const outputs = outputsBeside(own, kept)
    const scope = scopeAt(graph, id, outputs, regions)
    if (!last.data || !steps.data) return { scope, functions, values: null }
    const seen = { input: last.data.input, nodes: Object.fromEntries(outputs), vars: {} }
    return { scope, functions, values: { ...seen, ...turnValues(own, id, regions, outputs) } }
  }, [graph, regions, id, functions, last.data, steps.data])
}

/** What each node gave: in the same pass or item as the step `own` where there is one, else at last. */
function outputsBeside(own: string, steps: readonly Step[]): Map<string, Json> {
  const suffix = suffixOf(turnsOf(own))
  const beside = steps.filter(({ key }) => suffixOf(turnsOf(key)) === suffix)
  return new Map([...steps, ...beside].map((step) => [step.node, step.output]))
}

/** What `item`, `index` and `iteration` were for the step `own`. */
function turnValues(
  own: string,
  id: string,
  regions: Regions,
  outputs: ReadonlyMap<string, Json>,
): JsonObject {
  const turns = turnsOf(own)
  const around = regionsAround(regions, id)
  const split = around.findLast(({ kind }) => kind === 'split')
  const list = split ? outputs.get(split.opener) : undefined
  const index = turns.findLast(({ kind }) => kind === 'item')?.n ?? 0
  const pass = turns.findLast(({ kind }) => kind === 'pass')?.n ?? 1
  return {
    ...(Array.isArray(list) ? { item: list[index] ?? null, index } : {}),
    ...(around.some(({ kind }) => kind === 'loop') ? { iteration: pass } : {}),
  }
}
