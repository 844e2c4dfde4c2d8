import type { Graph } from '@/graph/document'
import type { Json, JsonObject } from '@/graph/json'
import type { components } from './generated'

type Schemas = components['schemas']

/** `Type`, with the fields that OpenAPI can only call objects or anything told as what they are. */
type Told<Type, Closer extends { [Field in keyof Type]?: unknown }> = Omit<Type, keyof Closer> &
  Closer

export interface Page<T> {
  results: T[]
  next: string | null
}

export type Me = Schemas['MeAnswer']
export type Member = Schemas['MemberAnswer']
/** The only answers that have a sign-in link. */
export type Invited = Schemas['NewMemberAnswer']
export type NewLink = Schemas['LinkAnswer']

export type Workflow = Told<Schemas['WorkflowAnswer'], { graph: Graph }>

/** A workflow as the list tells of it: without its graph, which may be large. */
export type WorkflowSummary = Schemas['WorkflowSummary']

export type VersionSummary = Schemas['VersionSummary']
export type Version = Told<Schemas['VersionAnswer'], { graph: Graph }>

export type Template = Told<Schemas['TemplateAnswer'], { graph: Graph; sample_input: JsonObject }>

export type RunStatus = Schemas['RunAnswer']['status']
export type StepStatus = Schemas['StepAnswer']['status']
export type Usage = Schemas['UsageAnswer']
export type RunError = Schemas['ErrorAnswer']

interface RunValues {
  version: 'draft' | number
  input: JsonObject
  output: Json
  steps: Partial<Record<StepStatus, number>>
}

export type RunSummary = Told<Schemas['RunAnswer'], RunValues>
export type Run = Told<Schemas['OneRunAnswer'], RunValues & { graph: Graph }>

export type Call = Told<Schemas['CallAnswer'], { request: Json; result: Json }>
export type CallKind = Call['kind']
export type Step = Told<Schemas['StepAnswer'], { input: Json; output: Json; calls: Call[] }>

export type Model = Told<Schemas['ModelAnswer'], { price: Price | null }>
export type Models = Told<Schemas['ModelsAnswer'], { results: Model[] }>

export interface Price {
  input_usd_per_million: number
  output_usd_per_million: number
}

export type Token = Schemas['TokenAnswer']
/** The only answer that has the token itself. */
export type NewToken = Schemas['NewTokenAnswer']
export type Credential = Schemas['CredentialAnswer']
