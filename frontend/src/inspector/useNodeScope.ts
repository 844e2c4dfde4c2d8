import { useMemo } from 'react'
import { useFunctions, useRun, useSteps } from '@/api/queries'
import { graphOf, useEditor } from '@/canvas/editorStore'
import type { ExpressionFunction } from '@/graph/completion'
import type { Json } from '@/graph/json'
import { scopeAt } from '@/graph/scope'
import type { CodeScope } from './code/ScopeContext'

const NO_FUNCTIONS: readonly ExpressionFunction[] = []

/** The names that expressions at a node see, with what they stood for in the last run. */
export function useNodeScope(id: string, run: string | null): CodeScope {
  const graph = useEditor(graphOf)
  const last = useRun(run)
  const functions = useFunctions().data ?? NO_FUNCTIONS
  const steps = useSteps(run, last.data?.status ?? '')
  return useMemo(() => {
    const outputs = new Map(
      steps.data?.results.map((step): [string, Json] => [step.node, step.output]),
    )
    const scope = scopeAt(graph, id, outputs)
    if (!last.data || !steps.data) return { scope, functions, values: null }
    return {
      scope,
      functions,
      values: { input: last.data.input, nodes: Object.fromEntries(outputs), vars: {} },
    }
  }, [graph, id, functions, last.data, steps.data])
}
