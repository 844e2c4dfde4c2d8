import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { request, whenSignedOut } from './client'
import { ApiError } from './errors'

/** The server, as far as the client can tell: it records what it is asked, and answers as it is told. */
function serving(status: number, body?: unknown) {
  const asked: [string, RequestInit][] = []
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push([path, init])
    return Promise.resolve(
      new Response(body === undefined ? null : JSON.stringify(body), { status }),
    )
  })
  return asked
}

beforeEach(() => {
  vi.stubGlobal('document', { cookie: 'theme=dark; csrftoken=t%3D1' })
})
afterEach(() => {
  vi.unstubAllGlobals()
  whenSignedOut(() => undefined)
})

it('what changes something bears the token of the page, what only reads does not', async () => {
  const asked = serving(200, {})
  await request('POST', '/api/v1/workflows/', { body: { name: 'One' } })
  await request('GET', '/api/v1/workflows/')

  expect(asked.map(([, { headers, body }]) => [headers, body])).toEqual([
    [
      { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': 't=1' },
      '{"name":"One"}',
    ],
    [{ Accept: 'application/json' }, undefined],
  ])
})

it('an answer without a body is undefined', async () => {
  serving(204)

  expect(await request('DELETE', '/api/v1/workflows/w1/')).toBeUndefined()
})

it('a problem is thrown with its code, its sentence and its fields', async () => {
  serving(422, {
    title: 'Unprocessable Entity',
    detail: 'The input does not fit.',
    code: 'invalid_input',
    errors: [{ code: 'invalid_input', message: 'It is required.', field: 'topic' }],
  })
  const error = await request('POST', '/api/v1/runs/').catch((thrown: unknown) => thrown)

  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    status: 422,
    code: 'invalid_input',
    message: 'The input does not fit.',
    fields: { topic: 'It is required.' },
  })
})

it('a server that cannot be reached is told from one that refuses', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))

  await expect(request('GET', '/api/v1/me/')).rejects.toMatchObject({
    offline: true,
    code: 'offline',
  })
})

it('a session that ended is noticed at any answer, but not at the question who is there', async () => {
  const told = vi.fn()
  whenSignedOut(told)
  serving(401, {})
  await request('GET', '/api/v1/me/').catch(() => undefined)
  expect(told).not.toHaveBeenCalled()

  await request('PATCH', '/api/v1/workflows/w1/').catch(() => undefined)
  expect(told).toHaveBeenCalledOnce()
})
