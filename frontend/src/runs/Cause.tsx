import { CircleAlert, CircleSlash } from 'lucide-react'
import { Link } from 'react-router'
import type { RunError } from '@/api/types'

interface CauseProps {
  error: RunError
  /** The label of the node that failed; null where none did. */
  name: string | null
  onOpen: () => void
}

/** Why a run ended early, in words, with the way to the node that failed it and to what mends it. */
export function Cause({ error, name, onOpen }: CauseProps) {
  const cancelled = error.code === 'cancelled'
  return (
    <div className="cause" role="alert" data-tone={cancelled ? 'idle' : 'bad'}>
      {cancelled ? <CircleSlash size={16} /> : <CircleAlert size={16} />}
      <div>
        <p className="cause__title">{titleOf(cancelled, name)}</p>
        <p>{error.message}</p>
        {cancelled ? null : <Ways error={error} name={name} onOpen={onOpen} />}
      </div>
    </div>
  )
}

function titleOf(cancelled: boolean, name: string | null): string {
  if (cancelled) return 'Cancelled'
  return name ? `${name} failed` : 'The run failed'
}

function Ways({ error, name, onOpen }: CauseProps) {
  const tries = error.attempts ?? 1
  return (
    <p className="cause__foot">
      <code>{error.code}</code>
      {tries > 1 ? ` after ${String(tries)} attempts` : ''}
      {name ? (
        <button type="button" className="link" onClick={onOpen}>
          Show the step
        </button>
      ) : null}
      {error.code === 'provider_auth' ? (
        <Link className="link" to="/settings/credentials">
          Add a credential
        </Link>
      ) : null}
    </p>
  )
}
