import { ArrowLeft, ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Call, Step } from '@/api/types'
import type { LiveStep } from '@/live/model'
import { IconButton } from '@/ui/Button'
import { cost, count, duration, tokensOf } from '@/ui/format'
import { StatusBadge } from '@/ui/signs'
import { callId } from './rows'
import { Value } from '@/ui/Value'

interface StepDetailProps {
  step: Step
  live: LiveStep | undefined
  name: string
  /** Chooses another pass or item of the same node, and leads to the workflow that it ran. */
  picker: ReactNode
  onBack: () => void
  onCall: (call: Call) => void
}

/** What a step was given, what it did and what it gave. */
export function StepDetail({ step, live, name, picker, onBack, onCall }: StepDetailProps) {
  const status = live?.status ?? step.status
  const tokens = tokensOf(step.usage)
  const streaming = status === 'running' && live?.text.text
  return (
    <div className="detail">
      <div className="row">
        <IconButton
          label="Back to the run"
          size="small"
          icon={<ArrowLeft size={15} />}
          onClick={onBack}
        />
        <h2 className="truncate">{name}</h2>
        <StatusBadge status={status} />
        {step.handled ? (
          <span className="badge" data-tone="warn">
            Handled
          </span>
        ) : null}
      </div>
      {picker}
      <p className="muted tabular">
        {[
          duration(step.duration_ms),
          tokens ? `${count(tokens)} tokens` : '',
          cost(step.usage?.cost_usd),
          `attempt ${String(step.attempt)}`,
          live?.notes?.truncated ? 'truncated' : '',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {step.error ? (
        <p className="cause">
          <span>
            {step.error.message} <code>{step.error.code}</code>
          </span>
        </p>
      ) : null}
      <Attempts live={live} />
      {step.calls.length > 0 ? (
        <section>
          <h3>Calls</h3>
          <ul className="card-box calls" aria-label="Calls">
            {step.calls.map((call) => (
              <li key={callId(call)}>
                <CallRow
                  call={call}
                  onOpen={() => {
                    onCall(call)
                  }}
                />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {streaming ? (
        <Value title="So far" value={live.text.text} />
      ) : (
        <Value title="Output" value={step.output} />
      )}
      <Value title="Input" value={step.input} />
    </div>
  )
}

function CallRow({ call, onOpen }: { call: Call; onOpen: () => void }) {
  const tokens = tokensOf(call.usage)
  return (
    <button type="button" className="calls__row" onClick={onOpen}>
      <span className="badge">{call.kind}</span>
      <span className="truncate calls__name">{call.name}</span>
      <span className="muted tabular">
        {[
          tokens ? `${count(tokens)} tok` : '',
          cost(call.usage?.cost_usd),
          duration(call.duration_ms),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <ChevronRight size={14} />
    </button>
  )
}

/** The attempts before the last, each with the reason why there was another. */
function Attempts({ live }: { live: LiveStep | undefined }) {
  const failed = live?.attempts.filter((attempt) => attempt.error) ?? []
  if (failed.length === 0 || (live?.attempts.length ?? 0) < 2) return null
  return (
    <section>
      <h3>Retries</h3>
      <ol className="retries">
        {failed.map((attempt) => (
          <li key={attempt.n}>
            <span className="muted tabular">
              Attempt {attempt.n},{' '}
              {duration((attempt.endedAt ?? attempt.startedAt) - attempt.startedAt)}
            </span>{' '}
            {attempt.error?.message}
          </li>
        ))}
      </ol>
    </section>
  )
}
