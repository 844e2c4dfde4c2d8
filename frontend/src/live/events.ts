import type { CallKind, RunError, Usage } from '@/api/types'
import type { Json, JsonObject } from '@/graph/json'

interface Failure {
  error: RunError
}

interface CallStarted {
  call: number
  attempt: number
  name: string
  request: Json
  request_hash: string
}

interface CallFinished {
  call: number
  attempt: number
  name: string
  result: Json
  error: { code: string; message: string } | null
  usage: Usage | null
  duration_ms: number
}

interface Ending {
  output: Json
  ports: string[]
  duration_ms: number
}

/** What events about the run as a whole carry. Times in it are seconds since 1970. */
export interface RunData {
  'run.started': { input: Json; variables: JsonObject }
  'run.inherited': JsonObject
  'run.waiting': { until: number }
  'run.resumed': Record<string, never>
  'run.succeeded': { output: Json }
  'run.failed': Failure
  'run.cancelled': Failure
}

/** What events about one step carry. */
export interface StepData {
  /** `given` is the input of a sub-workflow's body. */
  'step.started': { attempt: number; sources: string[]; given?: Json }
  'step.retrying': Failure & { attempt: number; delay_s: number }
  'step.interrupted': { attempt: number }
  'step.waiting': { until: number; output: Json; ports: string[] }
  /** `notes` say what a person should know of the output: `truncated`, for one. */
  'step.succeeded': Ending & { notes?: JsonObject }
  'step.failed': Ending & Failure & { handled: boolean }
  /** Without an error its branch was not taken. */
  'step.skipped': { error: RunError | null }
  'step.cancelled': Failure & { duration_ms: number }
}

type CallStarts = Record<`${CallKind}.started`, CallStarted>
type CallEnds = Record<`${CallKind}.finished`, CallFinished>

/** A piece of a model's answer: `offset` code points after its beginning. Shown, never stored. */
export interface Delta {
  step: string
  call: number
  attempt: number
  offset: number
  text: string
}

type DataOfSteps = StepData & CallStarts & CallEnds
export type EventData = RunData & DataOfSteps & { 'step.delta': Delta }
export type EventType = keyof EventData

interface Envelope<Type extends EventType> {
  type: Type
  run: string
  /** ISO 8601, UTC. */
  at: string
  data: EventData[Type]
}

/** Numbered from 1, without a gap. */
type AboutRun<Type extends keyof RunData> = Envelope<Type> & { seq: number; step: null; node: null }
type AboutStep<Type extends keyof DataOfSteps> = Envelope<Type> & {
  seq: number
  /** The step's key. */
  step: string
  /** The id of its node; within a sub-workflow it leads through the nodes around it: `review.judge`. */
  node: string
}

export type RunFact = { [Type in keyof RunData]: AboutRun<Type> }[keyof RunData]
export type StepFact = { [Type in keyof StepData]: AboutStep<Type> }[keyof StepData]
export type CallStart = AboutStep<keyof CallStarts>
export type CallEnd = AboutStep<keyof CallEnds>
export type DeltaFact = Envelope<'step.delta'> & {
  seq: null
  step: string | null
  node: string | null
}

/** A fact from a run, as the socket and the events list give it. */
export type RunEvent = RunFact | StepFact | CallStart | CallEnd | DeltaFact

export const isDelta = (event: RunEvent): event is DeltaFact => event.type === 'step.delta'

export const isAboutRun = (event: RunEvent): event is RunFact => event.type.startsWith('run.')

export const isCallStart = (event: RunEvent): event is CallStart =>
  event.type.endsWith('.started') && isCall(event)

export const isCallEnd = (event: RunEvent): event is CallEnd =>
  event.type.endsWith('.finished') && isCall(event)

const isCall = ({ type }: RunEvent) => !type.startsWith('run.') && !type.startsWith('step.')

export const TERMINAL: ReadonlySet<EventType> = new Set([
  'run.succeeded',
  'run.failed',
  'run.cancelled',
])
