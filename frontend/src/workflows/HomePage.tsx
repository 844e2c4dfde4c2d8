import { Plus } from 'lucide-react'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { useCreateWorkflow, useMayEdit, useWorkflows } from '@/api/queries'
import { EMPTY_GRAPH } from '@/graph/document'
import { Button } from '@/ui/Button'
import { warn } from '@/ui/toast'
import { Gallery } from './Gallery'
import { WorkflowList } from './WorkflowList'
import './workflows.css'

/** Where a person starts: what they made, and what they may start from. */
export function HomePage() {
  const workflows = useWorkflows()
  const create = useCreateWorkflow()
  const mayEdit = useMayEdit()
  const navigate = useNavigate()
  const isNew = workflows.data?.pages[0]?.results.length === 0
  useEffect(() => {
    document.title = 'Workflows – Wireloom'
  }, [])
  const start = () => {
    create.mutate(
      { name: 'Untitled workflow', graph: EMPTY_GRAPH },
      {
        onSuccess: (workflow) => void navigate(`/workflows/${workflow.id}`),
        onError: (error) => {
          warn('The workflow was not created', error)
        },
      },
    )
  }
  return (
    <main className="page">
      <header className="page__head">
        <div>
          <h1>{isNew ? 'Welcome to Wireloom' : 'Workflows'}</h1>
          <p>
            {isNew && mayEdit
              ? 'Start from a workflow that runs at once, on the model of this machine.'
              : mayEdit
                ? 'Draw it, run it, watch every step.'
                : 'Look at each, and at every step of its runs.'}
          </p>
        </div>
        <span className="spacer" />
        {mayEdit ? (
          <Button
            variant="primary"
            icon={<Plus size={15} />}
            busy={create.isPending}
            onClick={start}
          >
            New workflow
          </Button>
        ) : null}
      </header>
      {isNew && mayEdit ? <Gallery /> : null}
      <WorkflowList query={workflows} mayEdit={mayEdit} />
      {!isNew && mayEdit ? <Gallery /> : null}
    </main>
  )
}
