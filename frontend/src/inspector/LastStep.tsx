import { History } from 'lucide-react'
import { Link } from 'react-router'
import { hasStatus } from '@/api/errors'
import { useStep } from '@/api/queries'
import { useFeedContext } from '@/canvas/FeedContext'
import { useLiveStep } from '@/live/useRun'
import { cost, count, duration, tokensOf } from '@/ui/format'
import { Skeleton, StatusBadge } from '@/ui/signs'
import { EmptyState, ErrorState } from '@/ui/states'
import { Value } from '@/ui/Value'

interface LastStepProps {
  node: string
  run: string | null
}

/** What the node was given in the last run, and what it gave. */
export function LastStep({ node, run }: LastStepProps) {
  const live = useLiveStep(useFeedContext(), node)
  const {
    data: step,
    error,
    refetch,
  } = useStep(run, run === null ? null : (live?.key ?? node), live?.status ?? '')
  if (run === null || hasStatus(error, 404)) return <NotRun />
  if (error)
    return (
      <ErrorState title="The step could not be loaded" error={error} retry={() => void refetch()} />
    )
  if (!step) return <Skeleton height={120} />
  const tokens = tokensOf(step.usage)
  return (
    <div className="last-step">
      <div className="row">
        <StatusBadge status={live?.status ?? step.status} />
        <span className="muted tabular">
          {[
            duration(step.duration_ms),
            tokens ? `${count(tokens)} tokens` : '',
            cost(step.usage?.cost_usd),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span className="spacer" />
        <Link className="link" to={`/runs/${run}?step=${encodeURIComponent(step.key)}`}>
          Open the run
        </Link>
      </div>
      {step.error ? <p className="last-step__error">{step.error.message}</p> : null}
      <Value title="Output" value={step.output} />
      <Value title="Input" value={step.input} />
    </div>
  )
}

const NotRun = () => (
  <EmptyState icon={<History size={18} />} title="Not run yet">
    Run the workflow, and what this node was given and what it gave is shown here.
  </EmptyState>
)
