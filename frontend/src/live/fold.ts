import type { CallKind, RunError, Usage } from '@/api/types'
import type { EventData, RunEvent } from './events'
import type { Attempt, LiveCall, LiveRun, LiveStep } from './model'
import { extend } from './text'

export function foldRun(run: LiveRun, event: RunEvent): LiveRun {
  const next = { ...run, seq: event.seq ?? run.seq }
  const [scope, verb] = event.type.split('.')
  if (scope !== 'run') return next
  const at = Date.parse(event.at)
  switch (verb) {
    case 'started':
    case 'resumed':
    case 'inherited':
      return { ...next, status: 'running', startedAt: run.startedAt ?? at }
    case 'waiting':
      return { ...next, status: 'waiting' }
    case 'succeeded':
    case 'failed':
    case 'cancelled':
      return {
        ...next,
        status: verb,
        endedAt: at,
        output: event.data.output,
        error: event.data.error ?? null,
      }
    default:
      return next
  }
}

/** `step` after `event`; events of other kinds leave it as it is. */
export function foldStep(step: LiveStep, event: RunEvent): LiveStep {
  const at = Date.parse(event.at)
  const { data } = event
  switch (event.type) {
    case 'step.started':
      return started(step, at, event)
    case 'step.retrying':
      return { ...step, ...closed(step, at, 'failed', data.error ?? null) }
    case 'step.interrupted':
      return { ...step, ...closed(step, at, 'interrupted', null) }
    case 'step.waiting':
      return { ...step, status: 'waiting', startedAt: step.startedAt ?? at }
    case 'step.succeeded':
      return ended(step, at, 'succeeded', data)
    case 'step.failed':
      return ended(step, at, 'failed', data)
    case 'step.cancelled':
      return ended(step, at, 'cancelled', data)
    case 'step.skipped':
      return { ...step, status: 'skipped', begunAt: event.seq, error: data.error ?? null }
    case 'step.delta':
      return { ...step, text: extend(step.text, data) }
    default:
      return foldCall(step, event, at)
  }
}

function started(step: LiveStep, at: number, { seq, data }: RunEvent): LiveStep {
  const n = data.attempt ?? step.attempts.length + 1
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

function ended(
  step: LiveStep,
  at: number,
  status: 'succeeded' | 'failed' | 'cancelled',
  data: EventData,
): LiveStep {
  return {
    ...step,
    status,
    handled: data.handled ?? false,
    ports: data.ports ?? null,
    output: data.output,
    error: data.error ?? null,
    usage: data.usage ?? sumOf(step.calls),
    endedAt: at,
    durationMs: data.duration_ms ?? (step.startedAt === null ? null : at - step.startedAt),
    ...closed(step, at, status, data.error ?? null),
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

const CALL_KINDS: ReadonlySet<string> = new Set(['llm', 'tool', 'http', 'retrieval'])

function foldCall(step: LiveStep, { type, data }: RunEvent, at: number): LiveStep {
  const [kind = '', verb] = type.split('.')
  if (!CALL_KINDS.has(kind)) return step
  const n = data.call ?? step.calls.length + 1
  const attempt = data.attempt ?? step.attempts.at(-1)?.n ?? 1
  const same = (each: LiveCall) => each.n === n && each.attempt === attempt
  const before = step.calls.find(same)
  const call: LiveCall =
    verb === 'started'
      ? {
          n,
          kind: kind as CallKind,
          name: data.name ?? '',
          attempt,
          startedAt: at,
          endedAt: null,
          failed: false,
          usage: null,
        }
      : {
          ...(before ?? unseenCall(n, attempt, kind as CallKind, at - (data.duration_ms ?? 0))),
          endedAt: at,
          failed: Boolean(data.error),
          usage: data.usage ?? null,
        }
  return { ...step, calls: [...step.calls.filter((each) => !same(each)), call] }
}

const unseenCall = (n: number, attempt: number, kind: CallKind, startedAt: number): LiveCall => ({
  n,
  kind,
  name: '',
  attempt,
  startedAt,
  endedAt: null,
  failed: false,
  usage: null,
})
