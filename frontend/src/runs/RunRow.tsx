import { Link } from 'react-router'
import type { RunSummary, StepStatus } from '@/api/types'
import type { Json } from '@/graph/json'
import { isBlob } from '@/graph/json'
import { ago, cost, count, duration, moment, tokensOf } from '@/ui/format'
import { StatusBadge, toneOf } from '@/ui/signs'

export function RunRow({ run }: { run: RunSummary }) {
  const tokens = tokensOf(run.usage)
  const since = run.started_at ?? run.created_at
  return (
    <Link className="list__row run-row" to={`/runs/${run.id}`}>
      <StatusBadge status={run.status} />
      <span className="run-row__what">
        <span className="run-row__name truncate">
          {run.workflow_name}{' '}
          <span className="muted">
            {typeof run.version === 'number' ? `v${String(run.version)}` : 'draft'}
          </span>
        </span>
        <span className="run-row__gist truncate" data-bad={run.error !== null}>
          {run.error ? run.error.message : gist(run.input)}
        </span>
      </span>
      <StepShares steps={run.steps} />
      <span className="run-row__figure tabular">{tokens ? `${count(tokens)} tok` : ''}</span>
      <span className="run-row__figure tabular">{cost(run.usage?.cost_usd)}</span>
      <span className="run-row__figure tabular run-row__time">{duration(run.duration_ms)}</span>
      <time className="run-row__figure" dateTime={since ?? undefined} title={moment(since)}>
        {ago(since)}
      </time>
    </Link>
  )
}

/** What a run was about: its input's values in a line. */
function gist(input: Record<string, Json>): string {
  if (isBlob(input)) return 'A long input'
  const parts = Object.values(input).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  )
  return parts.join(' · ').slice(0, 200) || 'No input'
}

const ORDER: readonly StepStatus[] = [
  'succeeded',
  'failed',
  'running',
  'waiting',
  'pending',
  'cancelled',
  'skipped',
]

/** How the run's steps ended, as a bar in parts. */
function StepShares({ steps }: { steps: RunSummary['steps'] }) {
  const parts = ORDER.flatMap((status) => {
    const n = steps[status]
    return n ? [{ status, n }] : []
  })
  const text = parts.map(({ status, n }) => `${String(n)} ${status}`).join(', ')
  return (
    <span className="shares" role="img" aria-label={`Steps: ${text || 'none'}`} title={text}>
      {parts.map(({ status, n }) => (
        <span
          key={status}
          data-tone={toneOf(status)}
          data-status={status}
          style={{ flexGrow: n }}
        />
      ))}
    </span>
  )
}
