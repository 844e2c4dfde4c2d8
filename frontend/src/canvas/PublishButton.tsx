import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Rocket } from 'lucide-react'
import { useState } from 'react'
import { hasStatus } from '@/api/errors'
import type { Workflow } from '@/api/types'
import { publishWorkflow, useVersion } from '@/api/versions'
import { sameJson } from '@/graph/json'
import { gather } from '@/graph/problems'
import { Button } from '@/ui/Button'
import { say, warn } from '@/ui/toast'
import { graphOf, useEditor, useEditorStore } from './editorStore'
import { useSaverContext } from './useSaver'
import { VersionsMenu } from './VersionsMenu'

/** Makes the draft the version that others run, and says whether it is that already. */
export function PublishButton({ workflow }: { workflow: Workflow }) {
  const store = useEditorStore()
  const saver = useSaverContext()
  const client = useQueryClient()
  const [version, setVersion] = useState(workflow.published_version)
  const published = useVersion(workflow.id, version)
  const graph = useEditor(graphOf)
  const differs = published.data ? !sameJson(graph, published.data.graph) : version === null
  const publish = useMutation({
    mutationFn: async () => {
      await saver.flush()
      return publishWorkflow(workflow.id, saver.revision)
    },
    onSuccess: (made) => {
      setVersion(made.version)
      say(`Version ${String(made.version)} is published`, 'Runs from outside use it from now on.')
      void client.invalidateQueries({ queryKey: ['workflows'] })
      void client.invalidateQueries({ queryKey: ['versions', workflow.id] })
    },
    onError: (error) => {
      if (hasStatus(error, 422)) {
        store.getState().setProblems(gather(error.body.errors ?? [], []))
        store.getState().show({ dock: 'problems' })
      }
      warn('Not published', error)
    },
  })
  return (
    <>
      <VersionsMenu
        live={version}
        state={stateOf(version, differs)}
        differs={differs && version !== null}
      />
      <Button
        icon={<Rocket size={14} />}
        busy={publish.isPending}
        disabled={!differs}
        onClick={() => {
          publish.mutate()
        }}
      >
        <span className="top-bar__word">Publish</span>
      </Button>
    </>
  )
}

function stateOf(version: number | null, differs: boolean): string {
  if (version === null) return 'Not published'
  return differs ? `Draft differs from v${String(version)}` : `v${String(version)} is live`
}
