import type { RunError, Usage } from '@/api/types'
import type { Json } from '@/graph/json'

/** A numbered fact from a run, as the socket and the events list give it. */
export interface RunEvent {
  /** From 1, without a gap; null for a delta, which is never stored. */
  seq: number | null
  type: string
  run: string
  step?: string | null
  node?: string | null
  at: string
  data: EventData
}

/** What events carry; which of these an event has follows from its type. */
export interface EventData {
  attempt?: number
  output?: Json
  ports?: string[] | null
  duration_ms?: number | null
  usage?: Usage | null
  error?: RunError | null
  handled?: boolean
  delay_s?: number
  call?: number
  name?: string
  request?: Json
  result?: Json
  /** A delta's own: which step it belongs to, where in the call's text it begins, in code points. */
  step?: string
  offset?: number
  text?: string
}

export const TERMINAL: ReadonlySet<string> = new Set([
  'run.succeeded',
  'run.failed',
  'run.cancelled',
])
