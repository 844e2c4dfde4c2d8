import type { ProblemBody } from './errors'
import { ApiError } from './errors'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface RequestOptions {
  body?: unknown
  signal?: AbortSignal | undefined
  headers?: Record<string, string>
  /** Lets the request outlive the page that sends it (bodies under 64 KiB). */
  keepalive?: boolean
}

/** Where a 401 is an answer, not the end of a session. */
const ASK_WHO: ReadonlySet<string> = new Set(['/api/v1/me/', '/sign-in/'])

let signedOut = (): void => undefined

/** Calls `listener` whenever an answer shows that the session has ended. */
export function whenSignedOut(listener: () => void): void {
  signedOut = listener
}

/** Asks the server; gives its JSON, or undefined where it has none to give. Throws `ApiError`. */
export async function request<T>(
  method: Method,
  path: string,
  { body, signal, headers, keepalive }: RequestOptions = {},
): Promise<T> {
  const response = await reach(path, {
    method,
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
    ...(keepalive ? { keepalive } : {}),
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'X-CSRFToken': cookie('csrftoken') }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (response.status === 401 && !ASK_WHO.has(path)) signedOut()
  if (!response.ok) throw new ApiError(response.status, await problemIn(response))
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ApiError(0, { code: 'offline', detail: 'The server cannot be reached.' })
  }
}

async function problemIn(response: Response): Promise<ProblemBody> {
  try {
    return (await response.json()) as ProblemBody
  } catch {
    return { title: response.statusText }
  }
}

function cookie(name: string): string {
  const pair = document.cookie.split('; ').find((each) => each.startsWith(`${name}=`))
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : ''
}
