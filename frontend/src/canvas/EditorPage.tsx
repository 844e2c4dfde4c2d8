import { ReactFlowProvider } from '@xyflow/react'
import { useEffect, useState } from 'react'
import { Link, useParams } from 'react-router'
import { hasStatus } from '@/api/errors'
import { useCatalogue, useMayEdit, useWorkflow } from '@/api/queries'
import type { Workflow } from '@/api/types'
import type { Catalogue } from '@/graph/catalogue'
import { ErrorState } from '@/ui/states'
import { NotFound } from '@/ui/NotFound'
import { Editor } from './Editor'
import { EditorSkeleton } from './EditorSkeleton'
import { createEditor, EditorContext } from './editorStore'
import { opening } from './unsaved'
import { useSaver, SaverContext } from './useSaver'
import { useValidation } from './useValidation'
import { ViewerPage } from './ViewerPage'

export function EditorPage() {
  const { id = '' } = useParams()
  const workflow = useWorkflow(id)
  const catalogue = useCatalogue()
  const mayEdit = useMayEdit()
  useTitle(workflow.data?.name)
  if (hasStatus(workflow.error, 404)) return <NotFound what="workflow" />
  const failed = workflow.error && !workflow.data ? workflow : catalogue.error ? catalogue : null
  if (failed) {
    return (
      <main className="page">
        <ErrorState
          title="The workflow could not be opened"
          error={failed.error}
          retry={() => void failed.refetch()}
          way={
            <Link className="button" data-variant="ghost" to="/">
              All workflows
            </Link>
          }
        />
      </main>
    )
  }
  if (
    !workflow.data ||
    !catalogue.data ||
    (workflow.isFetching && workflow.isStale && !workflow.isFetchedAfterMount)
  ) {
    return <EditorSkeleton />
  }
  if (!mayEdit) return <ViewerPage workflow={workflow.data} catalogue={catalogue.data} />
  return <OpenEditor key={id} workflow={workflow.data} catalogue={catalogue.data} />
}

interface OpenEditorProps {
  workflow: Workflow
  catalogue: Catalogue
}

function OpenEditor({ workflow: given, catalogue }: OpenEditorProps) {
  // Both are of the moment of opening: what the server says later is for the saver to settle.
  const [opened] = useState(() => opening(given))
  const [store] = useState(() => createEditor(given.id, opened.draft, catalogue))
  const saver = useSaver(opened.saved, store)
  useValidation(store)
  return (
    <EditorContext value={store}>
      <SaverContext value={saver}>
        <ReactFlowProvider>
          <Editor workflow={opened.saved} />
        </ReactFlowProvider>
      </SaverContext>
    </EditorContext>
  )
}

function useTitle(name: string | undefined) {
  useEffect(() => {
    document.title = name ? `${name} – Wireloom` : 'Wireloom'
  }, [name])
}
