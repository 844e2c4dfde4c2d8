import { useMemo } from 'react'
import { useStep } from '@/api/queries'
import type { Run } from '@/api/types'
import { useFeedContext } from '@/canvas/FeedContext'
import type { LiveSnapshot } from '@/live/store'
import { useNodeSteps } from '@/live/useRun'
import { moment } from '@/ui/format'
import { Skeleton } from '@/ui/signs'
import { ErrorState } from '@/ui/states'
import { Value } from '@/ui/Value'
import { callId } from './rows'
import { CallDetail } from './CallDetail'
import { Cause } from './Cause'
import { InnerWorkflow } from './InnerWorkflow'
import { StepDetail } from './StepDetail'
import { StepPicker } from './StepPicker'
import { inTurn } from './stepRefs'

interface RunDetailProps {
  run: Run
  snapshot: LiveSnapshot
  step: string | null
  call: string | null
  nameOf: (node: string) => string
  onSelect: (step: string | null, call: string | null) => void
}

/** The selected step or call in full; the run itself while none is selected. */
export function RunDetail({
  run,
  snapshot,
  step: key,
  call: id,
  nameOf,
  onSelect,
}: RunDetailProps) {
  const told = snapshot.steps.find((step) => step.key === key)
  // The snapshot does not follow streamed text; its node's own subscription does.
  const node = useNodeSteps(useFeedContext(), told?.node ?? '')
  const live = node?.steps.find((each) => each.key === key) ?? told
  const siblings = useMemo(() => inTurn(node?.steps ?? []), [node])
  const {
    data: step,
    error,
    refetch,
  } = useStep(run.id, key, live ? `${live.status} ${String(live.calls.length)}` : '')
  if (key === null)
    return <RunOverview run={run} snapshot={snapshot} nameOf={nameOf} onSelect={onSelect} />
  if (error && !step) {
    return (
      <ErrorState title="The step could not be loaded" error={error} retry={() => void refetch()} />
    )
  }
  if (!step) return <Skeleton height={160} />
  const inner = run.graph.nodes.find((each) => each.id === step.node)?.config?.workflow
  const call = id === null ? undefined : step.calls.find((each) => callId(each) === id)
  const up =
    id === null
      ? () => {
          onSelect(null, null)
        }
      : () => {
          onSelect(key, null)
        }
  return call ? (
    <CallDetail call={call} step={nameOf(step.node)} onBack={up} />
  ) : (
    <StepDetail
      step={step}
      live={live}
      name={nameOf(step.node)}
      picker={
        <>
          <StepPicker
            steps={siblings}
            value={key}
            onChange={(other) => {
              onSelect(other, null)
            }}
          />
          {typeof inner === 'string' ? <InnerWorkflow slug={inner} /> : null}
        </>
      }
      onBack={up}
      onCall={(each) => {
        onSelect(key, callId(each))
      }}
    />
  )
}

type RunOverviewProps = Pick<RunDetailProps, 'run' | 'snapshot' | 'nameOf' | 'onSelect'>

function RunOverview({ run, snapshot, nameOf, onSelect }: RunOverviewProps) {
  const error = snapshot.run.error ?? run.error
  return (
    <div className="detail">
      <h2>Run</h2>
      {error ? (
        <Cause
          error={error}
          name={error.node ? nameOf(error.node) : null}
          onOpen={() => {
            if (error.node) onSelect(error.node, null)
          }}
        />
      ) : null}
      {run.output !== null ? <Value title="Output" value={run.output} height={460} /> : null}
      <Value title="Input" value={run.input} />
      <dl className="facts">
        <dt>Id</dt>
        <dd className="mono">{run.id}</dd>
        <dt>Started</dt>
        <dd>{moment(run.started_at)}</dd>
        {run.finished_at ? (
          <>
            <dt>Ended</dt>
            <dd>{moment(run.finished_at)}</dd>
          </>
        ) : null}
        <dt>Tokens</dt>
        <dd className="tabular">
          {run.usage?.input_tokens ?? 0} in, {run.usage?.output_tokens ?? 0} out
        </dd>
      </dl>
    </div>
  )
}
