import { History } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { hasStatus } from '@/api/errors'
import { useRun, useStep, useSteps } from '@/api/queries'
import { useFeedContext } from '@/canvas/FeedContext'
import { useNodeSteps } from '@/live/useRun'
import { StepPicker } from '@/runs/StepPicker'
import type { StepRef } from '@/runs/stepRefs'
import { inTurn } from '@/runs/stepRefs'
import { PinButton } from './PinButton'
import { cost, count, duration, tokensOf } from '@/ui/format'
import { Skeleton, StatusBadge } from '@/ui/signs'
import { EmptyState, ErrorState } from '@/ui/states'
import { Value } from '@/ui/Value'

interface LastStepProps {
  node: string
  run: string | null
  pinned: boolean
}

/** What the node was given in the last run, and what it gave: in its latest pass or item, or in the chosen one. */
export function LastStep({ node, run, pinned }: LastStepProps) {
  const { steps, latest } = useStepsOf(node, run)
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = steps.find(({ key }) => key === chosen) ?? latest
  const {
    data: step,
    error,
    refetch,
  } = useStep(run, run === null ? null : (shown?.key ?? node), shown?.status ?? '')
  if (run === null || hasStatus(error, 404)) return <NotRun />
  if (error)
    return (
      <ErrorState title="The step could not be loaded" error={error} retry={() => void refetch()} />
    )
  if (!step) return <Skeleton height={120} />
  const tokens = tokensOf(step.usage)
  return (
    <div className="last-step">
      <StepPicker steps={steps} value={step.key} onChange={setChosen} />
      <div className="row">
        <StatusBadge status={shown?.status ?? step.status} />
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
      {pinned ? null : <PinButton node={node} output={step.output} />}
      <Value title="Input" value={step.input} />
    </div>
  )
}

/** The node's steps in that run in order, and the one that began last: live, or as they are kept. */
function useStepsOf(node: string, run: string | null): { steps: StepRef[]; latest?: StepRef } {
  const live = useNodeSteps(useFeedContext(), node)
  const status = useRun(run).data?.status
  const kept = useSteps(live ? null : run, status ?? '').data?.results
  return useMemo(() => {
    const steps: readonly StepRef[] =
      live?.steps ?? kept?.filter((step) => step.node === node) ?? []
    const latest = live?.latest ?? steps.at(-1)
    return { steps: inTurn(steps), ...(latest ? { latest } : {}) }
  }, [live, kept, node])
}

const NotRun = () => (
  <EmptyState icon={<History size={18} />} title="Not run yet">
    Run the workflow, and what this node was given and what it gave is shown here.
  </EmptyState>
)
