import type { Problem } from '@/graph/problems'

/** A problem+json body, as every refusal of the server has it. */
export interface ProblemBody {
  title?: string
  status?: number
  detail?: string
  code?: string
  errors?: Omit<Problem, 'severity'>[]
  request_id?: string
  [extra: string]: unknown
}

/** A request that the server refused, or that never reached it (`status` 0, code `offline`). */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly body: ProblemBody

  constructor(status: number, body: ProblemBody) {
    super(body.detail || body.title || `The server answered ${String(status)}.`)
    this.name = 'ApiError'
    this.status = status
    this.code = body.code ?? 'error'
    this.body = body
  }

  get offline(): boolean {
    return this.status === 0
  }

  /** The message for each field that the server named. */
  get fields(): Record<string, string> {
    const errors = this.body.errors ?? []
    return Object.fromEntries(
      errors.flatMap(({ field, message }) => (field ? [[field, message]] : [])),
    )
  }
}

export const hasStatus = (error: unknown, status: number): error is ApiError =>
  error instanceof ApiError && error.status === status

/** A sentence for whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.'
}
