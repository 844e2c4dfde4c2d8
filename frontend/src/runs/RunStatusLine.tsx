import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Square } from 'lucide-react'
import { cancelRun, isEnded, useMayEdit } from '@/api/queries'
import type { LiveFeed } from '@/live/useRun'
import { useConnection, useLiveRun } from '@/live/useRun'
import { Button } from '@/ui/Button'
import { cost, count, duration } from '@/ui/format'
import { StatusBadge } from '@/ui/signs'
import { warn } from '@/ui/toast'
import { totalsOf } from './totals'
import { useNow } from './useNow'

/** How a run stands: status, time, tokens, cost, whether its stream holds, and a way to stop it. */
export function RunStatusLine({ feed }: { feed: LiveFeed }) {
  const mayEdit = useMayEdit()
  const snapshot = useLiveRun(feed)
  const connection = useConnection(feed)
  const { run } = snapshot
  const now = useNow(run.startedAt !== null && run.endedAt === null)
  const totals = totalsOf(snapshot.steps)
  const elapsed = run.startedAt === null ? null : (run.endedAt ?? now) - run.startedAt
  return (
    <div className="row run-line" role="group" aria-label="State of the run">
      <StatusBadge status={run.status} />
      <span className="tabular muted">
        {[
          elapsed === null ? '' : duration(elapsed),
          totals.tokens ? `${count(totals.tokens)} tokens` : '',
          cost(totals.costUsd),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {connection.state === 'retrying' ? (
        <span className="badge" data-tone="warn">
          Reconnecting
        </span>
      ) : null}
      {connection.state === 'refused' ? (
        <span className="badge" data-tone="bad">
          {connection.message}
        </span>
      ) : null}
      <span className="spacer" />
      {isEnded(run.status) || !mayEdit ? null : <CancelButton run={feed.run} />}
    </div>
  )
}

function CancelButton({ run }: { run: string }) {
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () => cancelRun(run),
    onSuccess: () => client.invalidateQueries({ queryKey: ['run', run] }),
    onError: (error) => {
      warn('The run could not be cancelled', error)
    },
  })
  return (
    <Button
      size="small"
      icon={<Square size={11} />}
      busy={cancel.isPending || cancel.isSuccess}
      onClick={() => {
        cancel.mutate()
      }}
    >
      {cancel.isSuccess ? 'Cancelling' : 'Cancel'}
    </Button>
  )
}
