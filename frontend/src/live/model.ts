import type { CallKind, RunError, RunStatus, StepStatus, Usage } from '@/api/types'
import type { Json, JsonObject } from '@/graph/json'
import type { Turn } from './key'
import { turnsOf } from './key'
import type { StreamedText } from './text'
import { NO_TEXT } from './text'

export interface Attempt {
  n: number
  startedAt: number
  endedAt: number | null
  outcome: 'running' | 'succeeded' | 'failed' | 'interrupted' | 'cancelled'
  error: RunError | null
}

export interface LiveCall {
  n: number
  kind: CallKind
  name: string
  attempt: number
  startedAt: number
  endedAt: number | null
  failed: boolean
  usage: Usage | null
}

/** One step of a run as its events tell it. Times are milliseconds since 1970. */
export interface LiveStep {
  key: string
  /** The id of its node; within a sub-workflow it leads through the nodes around it: `review.judge`. */
  node: string
  /** The passes and items that it stands in, the outermost first. */
  turns: readonly Turn[]
  status: StepStatus
  /** The event that began it, by which steps are told in order; null before it. */
  begunAt: number | null
  handled: boolean
  ports: string[] | null
  attempts: Attempt[]
  calls: LiveCall[]
  text: StreamedText
  output: Json | undefined
  /** What a person should know of the output: `truncated`, for one. */
  notes: JsonObject | null
  error: RunError | null
  usage: Usage | null
  startedAt: number | null
  endedAt: number | null
  durationMs: number | null
}

export interface LiveRun {
  status: RunStatus
  /** The last event that was folded in. */
  seq: number
  startedAt: number | null
  endedAt: number | null
  output: Json | undefined
  error: RunError | null
}

export const PENDING_RUN: LiveRun = {
  status: 'pending',
  seq: 0,
  startedAt: null,
  endedAt: null,
  output: undefined,
  error: null,
}

export function newStep(key: string, node: string): LiveStep {
  return {
    key,
    node,
    turns: turnsOf(key),
    status: 'pending',
    begunAt: null,
    handled: false,
    ports: null,
    attempts: [],
    calls: [],
    text: NO_TEXT,
    output: undefined,
    notes: null,
    error: null,
    usage: null,
    startedAt: null,
    endedAt: null,
    durationMs: null,
  }
}
