import type { Graph } from '@/graph/document'
import type { Json, JsonObject } from '@/graph/json'

export interface Page<T> {
  results: T[]
  next: string | null
}

export interface Me {
  user: { id: string; username: string; has_password: boolean }
  workspaces: { id: string; slug: string; name: string; role: string }[]
}

export interface Workflow {
  id: string
  slug: string
  name: string
  graph: Graph
  revision: number
  published_version: number | null
  updated_at: string
}

/** A workflow as the list tells of it: without its graph, which may be large. */
export type WorkflowRow = Omit<Workflow, 'graph'>

export interface Version {
  version: number
  graph?: Graph
  created_at?: string
  published_at?: string
}

export interface Template {
  slug: string
  name: string
  description: string
  graph: Graph
  sample_input: JsonObject
}

export type RunStatus = 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled'
export type StepStatus = RunStatus | 'skipped'

export interface Usage {
  input_tokens?: number | null
  output_tokens?: number | null
  cost_usd?: number | null
  cost_complete?: boolean
}

export interface RunError {
  code: string
  message: string
  node?: string | null
  attempts?: number | null
}

export interface Run {
  id: string
  workflow: string
  workflow_name: string
  version: number | 'draft' | null
  status: RunStatus
  input: JsonObject
  output: Json
  error: RunError | null
  started_at: string | null
  finished_at: string | null
  created_at?: string | null
  duration_ms: number | null
  usage: Usage | null
  steps: Partial<Record<StepStatus, number>>
  parent?: string | null
  graph?: Graph
}

export type CallKind = 'llm' | 'tool' | 'http' | 'retrieval'

export interface Call {
  n: number
  attempt: number
  kind: CallKind
  name: string
  request: Json
  result: Json
  error?: RunError | null
  duration_ms: number | null
  usage: Usage | null
}

export interface Step {
  key: string
  node: string
  type: string
  label: string
  status: StepStatus
  handled: boolean
  ports: string[] | null
  attempt: number
  input: Json
  output: Json
  error: RunError | null
  started_at: string | null
  duration_ms: number | null
  usage: Usage | null
  calls: Call[]
}

export interface Model {
  id: string
  provider: string
  label: string
  lane: string
  local: boolean
  available: boolean
  price: { input_usd_per_million: number; output_usd_per_million: number } | null
  breaker: string | { state: string } | null
  note: string | null
}

export interface Models extends Page<Model> {
  default: string | null
}

export interface Token {
  id: string
  name: string
  role: string
  last_four: string
  created_at: string
  last_used_at: string | null
  expires_at: string | null
  /** Only in the answer that makes it. */
  token?: string
}

export interface Credential {
  id: string
  name: string
  provider: string
  host: string | null
  last_four: string
  base_url?: string | null
  created_at?: string
}
