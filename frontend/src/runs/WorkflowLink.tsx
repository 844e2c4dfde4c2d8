import { Link } from 'react-router'
import { hasStatus } from '@/api/errors'
import { useWorkflow } from '@/api/queries'

/** The way from a run to its workflow. One that is archived opens nowhere, so there it says so instead. */
export function WorkflowLink({ workflow }: { workflow: string }) {
  const { error } = useWorkflow(workflow)
  if (hasStatus(error, 404)) return <span className="muted">The workflow is archived</span>
  return (
    <Link className="button" data-variant="default" to={`/workflows/${workflow}`}>
      Open the workflow
    </Link>
  )
}
