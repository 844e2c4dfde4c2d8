import { Activity, Search } from 'lucide-react'
import { useEffect } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useRuns, useWorkflows } from '@/api/queries'
import { Button } from '@/ui/Button'
import { TextInput } from '@/ui/Field'
import { Select } from '@/ui/Select'
import { Skeleton } from '@/ui/signs'
import { EmptyState, ErrorState } from '@/ui/states'
import { useDebounced } from '@/ui/useDebounced'
import { RunRow } from './RunRow'
import './runs.css'
import './runs-page.css'

const STATUSES = [
  { value: '', label: 'Any status' },
  { value: 'running', label: 'Running' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'failed', label: 'Failed' },
  { value: 'cancelled', label: 'Cancelled' },
]

/** Every run there was, the latest first; the address holds the filters. */
export function RunsPage() {
  const [query, setQuery] = useSearchParams()
  const filters = {
    workflow: query.get('workflow') ?? '',
    status: query.get('status') ?? '',
    q: query.get('q') ?? '',
  }
  const q = useDebounced(filters.q, 250)
  const runs = useRuns({ ...filters, q })
  const filtered = Object.values(filters).some(Boolean)
  const rows = runs.data?.pages.flatMap((page) => page.results)
  useEffect(() => {
    document.title = 'Runs – Wireloom'
  }, [])
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query)
    if (value) next.set(name, value)
    else next.delete(name)
    setQuery(next, { replace: true })
  }
  return (
    <main className="page">
      <header className="page__head">
        <div>
          <h1>Runs</h1>
          <p>Every prompt, answer, token and millisecond, kept.</p>
        </div>
      </header>
      <div className="filters" role="search">
        <span className="filters__search">
          <Search size={14} />
          <TextInput
            type="search"
            aria-label="Search runs"
            placeholder="Search input, output, id"
            value={filters.q}
            onChange={(event) => {
              set('q', event.target.value)
            }}
          />
        </span>
        <Select
          aria-label="Status"
          value={filters.status}
          choices={STATUSES}
          onChange={(status) => {
            set('status', status)
          }}
        />
        <WorkflowFilter
          value={filters.workflow}
          onChange={(workflow) => {
            set('workflow', workflow)
          }}
        />
      </div>
      {runs.error && !rows ? (
        <ErrorState
          title="The runs could not be loaded"
          error={runs.error}
          retry={() => void runs.refetch()}
        />
      ) : null}
      {!rows && !runs.error ? <RowsSkeleton /> : null}
      {rows?.length === 0 ? (
        <NoRuns
          filtered={filtered}
          clear={() => {
            setQuery({}, { replace: true })
          }}
        />
      ) : null}
      {rows && rows.length > 0 ? (
        <ul className="card-box list" aria-label="Runs">
          {rows.map((run) => (
            <li key={run.id}>
              <RunRow run={run} />
            </li>
          ))}
        </ul>
      ) : null}
      {runs.hasNextPage ? (
        <div className="more">
          <Button busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Show older runs
          </Button>
        </div>
      ) : null}
    </main>
  )
}

function WorkflowFilter({
  value,
  onChange,
}: {
  value: string
  onChange: (workflow: string) => void
}) {
  const { data } = useWorkflows()
  const workflows = data?.pages.flatMap((page) => page.results) ?? []
  return (
    <Select
      aria-label="Workflow"
      value={value}
      choices={[
        { value: '', label: 'Any workflow' },
        ...workflows.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={onChange}
    />
  )
}

function NoRuns({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  return filtered ? (
    <EmptyState
      icon={<Search size={18} />}
      title="No run fits"
      actions={<Button onClick={clear}>Show all runs</Button>}
    >
      Nothing that ran has this status, workflow and text.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<Activity size={18} />}
      title="Nothing has run yet"
      actions={
        <Link className="button" data-variant="default" to="/">
          Pick a workflow
        </Link>
      }
    >
      Open a workflow and press Run. It is found here afterwards, with all it was given and all it
      gave.
    </EmptyState>
  )
}

const RowsSkeleton = () => (
  <div className="card-box list" aria-busy="true" aria-label="Loading runs">
    {[180, 240, 150, 210, 190].map((width) => (
      <div className="list__row run-row" key={width}>
        <Skeleton width={84} height={18} />
        <Skeleton width={width} />
      </div>
    ))}
  </div>
)
