import type { Version } from '@/api/types'
import { replaceDraft } from '@/graph/commands'
import { say } from '@/ui/toast'
import { useEditorStore } from './editorStore'

/** Puts a version's graph into the draft: one more edit, which undo takes back. */
export function useRestore(): (version: Version) => void {
  const store = useEditorStore()
  return ({ version, graph }) => {
    const { perform, history, show } = store.getState()
    const name = `restore version ${String(version)}`
    perform(replaceDraft(name, { name: history.present.name, graph }))
    show({ viewing: null })
    say(`Version ${String(version)} is in the draft`, 'Undo brings back what was there.')
  }
}
