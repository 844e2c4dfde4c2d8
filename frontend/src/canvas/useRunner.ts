import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError } from '@/api/errors'
import { startRun } from '@/api/queries'
import { missingInputs, withDefaults } from '@/graph/inputs'
import type { JsonObject } from '@/graph/json'
import { gather } from '@/graph/problems'
import { warn } from '@/ui/toast'
import { graphOf, useEditorStore } from './editorStore'
import { inputOf, rememberInput } from './lastInput'
import { useSaverContext } from './useSaver'

export interface Runner {
  input: JsonObject
  errors: Record<string, string>
  starting: boolean
  setInput: (input: JsonObject) => void
  /** Saves the draft and runs it. */
  run: () => void
}

/** Starts runs of the draft; `onStart` is told each one's id. */
export function useRunner(onStart: (run: string) => void): Runner {
  const store = useEditorStore()
  const saver = useSaverContext()
  const client = useQueryClient()
  const { workflow } = store.getState()
  const [input, setInput] = useState(() =>
    withDefaults(graphOf(store.getState()).inputs, inputOf(workflow)),
  )
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [starting, setStarting] = useState(false)
  const latest = useRef({ input, onStart, starting })
  useEffect(() => {
    latest.current = { input, onStart, starting }
  })

  const run = useCallback(async () => {
    if (latest.current.starting) return
    store.getState().show({ dock: 'run' })
    const given = latest.current.input
    const missing = missingInputs(graphOf(store.getState()).inputs, given)
    setErrors(missing)
    if (Object.keys(missing).length > 0) return
    setStarting(true)
    try {
      await saver.flush()
      const started = await startRun(workflow, given, 'draft')
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
  }, [store, saver, client, workflow])

  const change = useCallback((next: JsonObject) => {
    setInput(next)
    setErrors({})
  }, [])
  return useMemo(
    () => ({ input, errors, starting, setInput: change, run: () => void run() }),
    [input, errors, starting, change, run],
  )
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
