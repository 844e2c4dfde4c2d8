import { Archive, Ellipsis, Workflow as WorkflowIcon } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useArchiveWorkflow, type useWorkflows } from '@/api/queries'
import type { WorkflowSummary as Row } from '@/api/types'
import { Button, IconButton } from '@/ui/Button'
import { Confirm } from '@/ui/Confirm'
import { ago, moment } from '@/ui/format'
import { Menu } from '@/ui/Menu'
import { Skeleton } from '@/ui/signs'
import { ErrorState } from '@/ui/states'
import { say, warn } from '@/ui/toast'

interface WorkflowListProps {
  query: ReturnType<typeof useWorkflows>
  mayEdit: boolean
}

export function WorkflowList({ query, mayEdit }: WorkflowListProps) {
  const [leaving, setLeaving] = useState<Row | null>(null)
  if (query.error) {
    return (
      <ErrorState
        title="Your workflows could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    )
  }
  if (!query.data) return <ListSkeleton />
  const workflows = query.data.pages.flatMap((page) => page.results)
  if (workflows.length === 0) return null
  return (
    <section className="page__section" aria-label="Your workflows">
      <ul className="card-box list">
        {workflows.map((workflow) => (
          <li key={workflow.id}>
            <WorkflowRow
              workflow={workflow}
              mayEdit={mayEdit}
              onArchive={() => {
                setLeaving(workflow)
              }}
            />
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <div className="more">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
      <ArchiveDialog
        workflow={leaving}
        onClose={() => {
          setLeaving(null)
        }}
      />
    </section>
  )
}

interface WorkflowRowProps {
  workflow: Row
  mayEdit: boolean
  onArchive: () => void
}

function WorkflowRow({ workflow, mayEdit, onArchive }: WorkflowRowProps) {
  const { id, name, slug, published_version: version, updated_at: changed } = workflow
  return (
    <div className="list__row workflow-row">
      <span className="tile">
        <WorkflowIcon size={14} />
      </span>
      <Link className="workflow-row__name truncate" to={`/workflows/${id}`}>
        {name}
      </Link>
      <code className="muted workflow-row__slug truncate">{slug}</code>
      <span className="badge" data-tone={version === null ? undefined : 'ok'}>
        {version === null ? 'Draft' : `v${String(version)} live`}
      </span>
      <time className="muted workflow-row__when" dateTime={changed} title={moment(changed)}>
        {ago(changed)}
      </time>
      {mayEdit ? (
        <Menu
          trigger={
            <IconButton label={`More for ${name}`} size="small" icon={<Ellipsis size={15} />} />
          }
          items={[
            { label: 'Archive', icon: <Archive size={14} />, danger: true, onSelect: onArchive },
          ]}
        />
      ) : null}
    </div>
  )
}

function ArchiveDialog({ workflow, onClose }: { workflow: Row | null; onClose: () => void }) {
  const archive = useArchiveWorkflow()
  const confirm = () => {
    if (!workflow) return
    archive.mutate(workflow.id, {
      onSuccess: () => {
        say(`${workflow.name} is archived`)
      },
      onError: (error) => {
        warn('It was not archived', error)
      },
      onSettled: onClose,
    })
  }
  return (
    <Confirm
      open={workflow !== null}
      onClose={onClose}
      title={`Archive ${workflow?.name ?? ''}?`}
      action="Archive"
      busy={archive.isPending}
      onConfirm={confirm}
    >
      It can no longer be opened or run. Its runs stay, and still name it.
    </Confirm>
  )
}

function ListSkeleton() {
  return (
    <div className="card-box list" aria-busy="true" aria-label="Loading workflows">
      {[220, 160, 190, 140].map((width) => (
        <div className="list__row workflow-row" key={width}>
          <Skeleton width={64} height={32} />
          <Skeleton width={width} />
        </div>
      ))}
    </div>
  )
}
