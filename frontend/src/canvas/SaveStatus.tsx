import { CloudOff, CloudCheck, RefreshCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { replaceDraft } from '@/graph/commands'
import { Button } from '@/ui/Button'
import { useEditorStore } from './editorStore'
import type { SaveState } from './saver'
import { useSaverContext, useSaveState } from './useSaver'

const SIGNS: Record<SaveState['state'], { icon: ReactNode; text: string }> = {
  saved: { icon: <CloudCheck size={14} />, text: 'Saved' },
  dirty: { icon: <RefreshCw size={13} />, text: 'Saving' },
  saving: { icon: <RefreshCw size={13} />, text: 'Saving' },
  offline: { icon: <CloudOff size={14} />, text: 'Offline: kept in this browser' },
  failed: { icon: <TriangleAlert size={14} />, text: 'Not saved' },
  conflict: { icon: <TriangleAlert size={14} />, text: 'Changed elsewhere' },
}

export function SaveStatus() {
  const state = useSaveState(useSaverContext())
  const { icon, text } = SIGNS[state.state]
  return (
    <span
      className="save-status"
      role="status"
      data-state={state.state}
      title={state.state === 'failed' ? state.message : undefined}
    >
      {icon}
      <span className="save-status__text">{text}</span>
    </span>
  )
}

/** Two people, or two tabs, changed the same revision: one version goes on, the other stays one undo away. */
export function ConflictBar() {
  const store = useEditorStore()
  const saver = useSaverContext()
  const state = useSaveState(saver)
  if (state.state !== 'conflict') return null
  const theirs = state.theirs.draft
  const { perform, history } = store.getState()
  const mine = history.present
  const keepMine = () => {
    perform(replaceDraft('the other version', theirs))
    perform(replaceDraft('keep my version', mine))
    saver.settle(mine)
  }
  const takeTheirs = () => {
    perform(replaceDraft('take the other version', theirs))
    saver.settle(theirs)
  }
  return (
    <div className="conflict" role="alert">
      <TriangleAlert size={15} />
      <p>
        This workflow was saved elsewhere while you changed it. Nothing is lost: whichever you
        choose, undo brings the other one back.
      </p>
      <Button size="small" onClick={takeTheirs}>
        Take theirs
      </Button>
      <Button size="small" variant="primary" onClick={keepMine}>
        Keep mine
      </Button>
    </div>
  )
}
