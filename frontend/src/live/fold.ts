import type { CallKind, RunError, Usage } from '@/api/types'
import type { CallEnd, CallStart, RunFact, StepFact } from './events'
import type { Attempt, LiveCall, LiveRun, LiveStep } from './model'

export function foldRun(run: LiveRun, event: RunFact): LiveRun {
  const at = Date.parse(event.at)
  switch (event.type) {
    case 'run.started':
    case 'run.resumed':
    case 'run.inherited':
      return { ...run, status: 'running', startedAt: run.startedAt ?? at }
    case 'run.waiting':
      return { ...run, status: 'waiting' }
    case 'run.succeeded':
      return { ...run, status: 'succeeded', endedAt: at, output: event.data.output }
    case 'run.failed':
      return { ...run, status: 'failed', endedAt: at, error: event.data.error }
    case 'run.cancelled':
      return { ...run, status: 'cancelled', endedAt: at, error: event.data.error }
    default:
      // What a later server may tell.
      return run
  }
}

export function foldStep(step: LiveStep, event: StepFact): LiveStep {
  const at = Date.parse(event.at)
  switch (event.type) {
    case 'step.started':
      return started(step, at, event.seq, event.data.attempt)
    case 'step.retrying':
      return { ...step, ...closed(step, at, 'failed', event.data.error) }
    case 'step.interrupted':
      return { ...step, ...closed(step, at, 'interrupted', null) }
    case 'step.waiting':
      return { ...step, status: 'waiting', startedAt: step.startedAt ?? at }
    case 'step.succeeded':
      return { ...ended(step, at, 'succeeded', event.data), notes: event.data.notes ?? null }
    case 'step.failed':
      return { ...ended(step, at, 'failed', event.data), handled: event.data.handled }
    case 'step.cancelled':
      return ended(step, at, 'cancelled', event.data)
    case 'step.skipped':
      return {
        ...step,
        status: 'skipped',
        begunAt: event.seq,
        endedAt: at,
        error: event.data.error,
      }
    default:
      // What a later server may tell.
      return step
  }
}

function started(step: LiveStep, at: number, seq: number, n: number): LiveStep {
  const attempt: Attempt = { n, startedAt: at, endedAt: null, outcome: 'running', error: null }
  return {
    ...step,
    status: 'running',
    error: null,
    begunAt: step.begunAt ?? seq,
    startedAt: step.startedAt ?? at,
    attempts: [...step.attempts, attempt],
  }
}

/** The attempt that was going on, and the calls that it left open, ended at `at`. */
function closed(
  { attempts, calls }: LiveStep,
  at: number,
  outcome: Attempt['outcome'],
  error: RunError | null,
): Pick<LiveStep, 'attempts' | 'calls'> {
  const failed = outcome === 'failed'
  return {
    attempts: attempts.map((attempt) =>
      attempt.endedAt === null ? { ...attempt, endedAt: at, outcome, error } : attempt,
    ),
    calls: calls.map((call) => (call.endedAt === null ? { ...call, endedAt: at, failed } : call)),
  }
}

interface Ending {
  output?: LiveStep['output']
  ports?: string[]
  error?: RunError
  duration_ms: number
}

function ended(
  step: LiveStep,
  at: number,
  status: 'succeeded' | 'failed' | 'cancelled',
  { output, ports = [], error, duration_ms: durationMs }: Ending,
): LiveStep {
  return {
    ...step,
    status,
    ports,
    output,
    error: error ?? null,
    usage: sumOf(step.calls),
    endedAt: at,
    durationMs,
    ...closed(step, at, status, error ?? null),
  }
}

/** What a step's calls used together; null where none told. A price that is not known is not counted. */
function sumOf(calls: readonly LiveCall[]): Usage | null {
  const usages = calls.flatMap(({ usage }) => (usage ? [usage] : []))
  if (usages.length === 0) return null
  const total = (field: 'input_tokens' | 'output_tokens') =>
    usages.reduce((sum, usage) => sum + (usage[field] ?? 0), 0)
  const costs = usages.flatMap(({ cost_usd: usd }) => (typeof usd === 'number' ? [usd] : []))
  return {
    input_tokens: total('input_tokens'),
    output_tokens: total('output_tokens'),
    cost_usd: costs.length > 0 ? costs.reduce((sum, usd) => sum + usd, 0) : null,
  }
}

export function foldCall(step: LiveStep, event: CallStart | CallEnd): LiveStep {
  const at = Date.parse(event.at)
  const { call: n, attempt, name } = event.data
  const same = (each: LiveCall) => each.n === n && each.attempt === attempt
  const others = step.calls.filter((each) => !same(each))
  const fresh: LiveCall = {
    n,
    kind: kindOf(event),
    name,
    attempt,
    startedAt: at,
    endedAt: null,
    failed: false,
    usage: null,
  }
  if (!('result' in event.data)) return { ...step, calls: [...others, fresh] }
  const { error, usage, duration_ms: durationMs } = event.data
  const begun = step.calls.find(same) ?? { ...fresh, startedAt: at - durationMs }
  const call = { ...begun, endedAt: at, failed: error !== null, usage }
  return { ...step, calls: [...others, call] }
}

const kindOf = ({ type }: CallStart | CallEnd) => type.split('.')[0] as CallKind
