import { useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import { fetchWorkflow, saveDraft } from '@/api/queries'
import type { Workflow } from '@/api/types'
import type { EditorStore } from './editorStore'
import type { SaveState } from './saver'
import { Saver } from './saver'
import { keepUnsaved } from './unsaved'

/** The saver of the open workflow, fed with every change of the editor's draft. */
export function useSaver(workflow: Workflow, store: EditorStore): Saver {
  const client = useQueryClient()
  const saver = useMemo(
    () =>
      new Saver({
        revision: workflow.revision,
        saved: { name: workflow.name, graph: workflow.graph },
        keep: (unsaved) => {
          keepUnsaved(workflow.id, unsaved)
        },
        current: () => fetchWorkflow(workflow.id),
        send: (revision, draft) => saveDraft(workflow.id, revision, draft),
      }),
    [workflow],
  )
  useEffect(() => {
    saver.open()
    saver.change(store.getState().history.present)
    const stop = store.subscribe((state, before) => {
      if (state.history.present !== before.history.present) saver.change(state.history.present)
    })
    const onLeave = () => void saver.flush().catch(() => undefined)
    const onOnline = () => void saver.flush().catch(() => undefined)
    window.addEventListener('pagehide', onLeave)
    window.addEventListener('online', onOnline)
    return () => {
      stop()
      window.removeEventListener('pagehide', onLeave)
      window.removeEventListener('online', onOnline)
      saver.close()
      void saver
        .flush()
        .catch(() => undefined)
        .finally(() => {
          void client.invalidateQueries({ queryKey: ['workflow', workflow.id] })
          void client.invalidateQueries({ queryKey: ['workflows'] })
        })
    }
  }, [saver, store, client, workflow.id])
  return saver
}

export const SaverContext = createContext<Saver | null>(null)

export function useSaverContext(): Saver {
  const saver = useContext(SaverContext)
  if (!saver) throw new Error('There is no saver around this component.')
  return saver
}

export function useSaveState(saver: Saver): SaveState {
  return useSyncExternalStore(saver.subscribe, saver.state)
}
