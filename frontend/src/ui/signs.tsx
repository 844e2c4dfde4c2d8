import type { RunStatus, StepStatus } from '@/api/types'

export type Tone = 'ok' | 'bad' | 'warn' | 'busy' | 'idle'

const TONES: Record<StepStatus, Tone> = {
  pending: 'idle',
  running: 'busy',
  waiting: 'warn',
  succeeded: 'ok',
  failed: 'bad',
  skipped: 'idle',
  cancelled: 'idle',
}

export const toneOf = (status: RunStatus | StepStatus): Tone => TONES[status]

export const statusWord = (status: StepStatus): string =>
  status.charAt(0).toUpperCase() + status.slice(1)

export const Spinner = () => <span className="spinner" aria-hidden="true" />

export function StatusDot({ status }: { status: StepStatus }) {
  return <span className="dot" data-tone={toneOf(status)} aria-hidden="true" />
}

export function StatusBadge({ status }: { status: StepStatus }) {
  return (
    <span className="badge" data-tone={toneOf(status)}>
      <StatusDot status={status} />
      {statusWord(status)}
    </span>
  )
}

const MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** `Mod+K` as the keys of this machine. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="row keys" aria-hidden="true">
      {keys.split('+').map((key) => (
        <kbd className="kbd" key={key}>
          {key === 'Mod' ? (MAC ? '⌘' : 'Ctrl') : key}
        </kbd>
      ))}
    </span>
  )
}

export function Skeleton({ width, height = 14 }: { width?: number | string; height?: number }) {
  return <div className="skeleton" style={{ width: width ?? '100%', height }} aria-hidden="true" />
}
