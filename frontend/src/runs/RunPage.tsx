import { ArrowLeft } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { hasStatus } from '@/api/errors'
import { useCatalogue, useRegions, useRun } from '@/api/queries'
import type { Run } from '@/api/types'
import { FeedContext } from '@/canvas/FeedContext'
import type { Catalogue } from '@/graph/catalogue'
import { EMPTY_GRAPH, labelOf, nodeOf } from '@/graph/document'
import { nodeIn } from '@/live/key'
import { useFeed } from '@/live/useFeed'
import type { LiveFeed } from '@/live/useRun'
import { useLiveRun } from '@/live/useRun'
import { NotFound } from '@/ui/NotFound'
import { Skeleton } from '@/ui/signs'
import { ErrorState } from '@/ui/states'
import { RunDetail } from './RunDetail'
import { RunGraph } from './RunGraph'
import { RunStatusLine } from './RunStatusLine'
import { Waterfall } from './Waterfall'
import { WorkflowLink } from './WorkflowLink'
import '@/canvas/canvas.css'
import './runs.css'
import './run-page.css'

export function RunPage() {
  const { id = '' } = useParams()
  const run = useRun(id)
  const catalogue = useCatalogue()
  const feed = useFeed(run.data ? id : null)
  if (hasStatus(run.error, 404)) return <NotFound what="run" />
  const failed = [run, catalogue].find((query) => query.error && !query.data)
  if (failed) {
    return (
      <ErrorState
        title="The run could not be loaded"
        error={failed.error}
        retry={() => void failed.refetch()}
      />
    )
  }
  if (!run.data || !catalogue.data || !feed) return <RunSkeleton />
  return (
    <OpenRun
      run={run.data}
      catalogue={catalogue.data}
      feed={feed}
      refetch={() => void run.refetch()}
    />
  )
}

interface OpenRunProps {
  run: Run
  catalogue: Catalogue
  feed: LiveFeed
  refetch: () => void
}

/** Looks back at a run, or at one that is going on: graph, waterfall, and whatever is selected in full. */
function OpenRun({ run, catalogue, feed, refetch }: OpenRunProps) {
  const [query, setQuery] = useSearchParams()
  const snapshot = useLiveRun(feed)
  const graph = run.graph ?? EMPTY_GRAPH
  const regions = useRegions(graph)
  const step = query.get('step')
  const call = query.get('call')
  const { status } = snapshot.run
  useEffect(() => {
    // What the page asked for while the run went on has no output yet.
    if (snapshot.run.endedAt !== null && run.finished_at === null) refetch()
  }, [snapshot.run.endedAt, run.finished_at, refetch])
  useEffect(() => {
    document.title = `${run.workflow_name}: ${status} – Wireloom`
  }, [run.workflow_name, status])

  const nameOf = useMemo(
    () => (id: string) => {
      const node = nodeOf(graph, id)
      // Of what runs within a sub-workflow only the ids are known here.
      return node ? labelOf(node) : (id.split('.').at(-1) ?? id)
    },
    [graph],
  )
  const select = (key: string | null, id: string | null) => {
    setQuery(key === null ? {} : id === null ? { step: key } : { step: key, call: id }, {
      replace: true,
    })
  }
  const selectedNode = step === null ? null : (nodeIn(step).split('.')[0] ?? null)
  return (
    <FeedContext value={feed}>
      <main className="run-page">
        <header className="run-page__head">
          <Link to="/runs" className="link row">
            <ArrowLeft size={14} /> Runs
          </Link>
          <h1 className="truncate">{run.workflow_name}</h1>
          <span className="badge">
            {typeof run.version === 'number' ? `v${String(run.version)}` : 'Draft'}
          </span>
          <div className="run-page__line">
            <RunStatusLine feed={feed} />
          </div>
          <WorkflowLink workflow={run.workflow} />
        </header>
        <RunGraph
          graph={graph}
          catalogue={catalogue}
          selected={selectedNode}
          onSelect={(node) => {
            select(node === null ? null : (feed.store.stepOf(node)?.key ?? null), null)
          }}
        />
        <section className="run-page__waterfall" aria-label="Waterfall">
          <Waterfall
            snapshot={snapshot}
            regions={regions}
            nameOf={nameOf}
            selected={step === null ? null : call ? `${step}#${call}` : step}
            onSelect={select}
          />
        </section>
        <aside className="run-page__detail" aria-label="Details">
          <RunDetail
            run={run}
            snapshot={snapshot}
            step={step}
            call={call}
            nameOf={nameOf}
            onSelect={select}
          />
        </aside>
      </main>
    </FeedContext>
  )
}

const RunSkeleton = () => (
  <main className="run-page" aria-busy="true" aria-label="Loading the run">
    <header className="run-page__head">
      <Skeleton width={220} height={20} />
    </header>
    <div className="run-page__graph" />
    <section className="run-page__waterfall">
      <Skeleton height={180} />
    </section>
    <aside className="run-page__detail">
      <Skeleton height={160} />
    </aside>
  </main>
)
