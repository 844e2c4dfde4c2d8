import { useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError } from '@/api/errors'
import { fetchSteps, startRun } from '@/api/queries'
import { missingInputs, withDefaults } from '@/graph/inputs'
import type { JsonObject } from '@/graph/json'
import type { Outputs, Part } from '@/graph/part'
import { ALL, startOf } from '@/graph/part'
import { gather } from '@/graph/problems'
import { warn } from '@/ui/toast'
import { graphOf, useEditorStore } from './editorStore'
import { inputOf, rememberInput } from './lastInput'
import { useSaverContext } from './useSaver'

/** What starts runs, for whatever stands within the editor. */
export const RunnerContext = createContext<Runner | null>(null)

export const useRunnerContext = () => useContext(RunnerContext)

export interface Runner {
  input: JsonObject
  errors: Record<string, string>
  starting: boolean
  setInput: (input: JsonObject) => void
  /** Saves the draft and runs it, or a part of it. */
  run: (part?: Part) => void
}

/** Starts runs of the draft; `onStart` is told each one's id. A part works on what the run `last` gave. */
export function useRunner(last: string | null, onStart: (run: string) => void): Runner {
  const store = useEditorStore()
  const saver = useSaverContext()
  const client = useQueryClient()
  const { workflow } = store.getState()
  const [input, setInput] = useState(() =>
    withDefaults(graphOf(store.getState()).inputs, inputOf(workflow)),
  )
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [starting, setStarting] = useState(false)
  const latest = useRef({ input, last, onStart, starting })
  useEffect(() => {
    latest.current = { input, last, onStart, starting }
  })

  const run = useCallback(
    async (part: Part = ALL) => {
      if (latest.current.starting) return
      store.getState().show({ dock: 'run' })
      const given = latest.current.input
      const graph = graphOf(store.getState())
      // What runs behind pinned outputs may need no input at all: the server says so if it does.
      const missing = part.kind === 'all' ? missingInputs(graph.inputs, given) : {}
      setErrors(missing)
      if (Object.keys(missing).length > 0) return
      setStarting(true)
      try {
        await saver.flush()
        const outputs = await outputsOf(part, latest.current.last)
        const asked = startOf(part, graph, outputs, store.getState().regions)
        const started = await startRun(workflow, given, 'draft', asked)
        rememberInput(workflow, given)
        latest.current.onStart(started.id)
        void client.invalidateQueries({ queryKey: ['latest-run', workflow] })
      } catch (error) {
        if (error instanceof ApiError && error.status === 422) {
          const problems = error.body.errors ?? []
          setErrors(inputErrors(error))
          if (problems.some((problem) => problem.node)) {
            store.getState().setProblems(gather(problems, []))
            store.getState().show({ dock: 'problems' })
          }
        }
        warn('The run did not start', error)
      } finally {
        setStarting(false)
      }
    },
    [store, saver, client, workflow],
  )

  const change = useCallback((next: JsonObject) => {
    setInput(next)
    setErrors({})
  }, [])
  return useMemo(
    () => ({ input, errors, starting, setInput: change, run: (part?: Part) => void run(part) }),
    [input, errors, starting, change, run],
  )
}

/** What the nodes gave in the run `last`, where the part needs it. */
async function outputsOf({ kind }: Part, last: string | null): Promise<Outputs> {
  if (last === null || kind === 'all' || kind === 'until') return new Map()
  const { results } = await fetchSteps(last)
  const ended = results.filter(({ status }) => status === 'succeeded')
  return new Map(ended.map((step) => [step.node, step.output]))
}

/** The server names an input `input.topic`, or `topic`. */
function inputErrors(error: ApiError): Record<string, string> {
  return Object.fromEntries(
    Object.entries(error.fields).map(([field, message]) => [
      field.replace(/^input\./, ''),
      message,
    ]),
  )
}
