import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { journal } from '@/testing/events'
import { LiveStore } from './store'
import { delayBefore, RunStream } from './stream'

/** The server's end of each socket that was opened. */
class ScriptedSocket {
  static opened: ScriptedSocket[] = []
  onopen: (() => void) | null = null
  onmessage: ((message: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  readonly url: string

  constructor(url: string) {
    this.url = url
    ScriptedSocket.opened.push(this)
  }

  send(...frames: object[]) {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) })
  }

  end(code: number) {
    this.onclose?.({ code })
  }

  close() {
    // The script ends what it opened.
  }
}

const socket = (n: number): ScriptedSocket => {
  const found = ScriptedSocket.opened[n]
  if (!found) throw new Error(`Socket ${String(n)} was not opened.`)
  return found
}

beforeEach(() => {
  vi.useFakeTimers()
  ScriptedSocket.opened = []
  vi.stubGlobal('WebSocket', ScriptedSocket)
  vi.stubGlobal('location', { protocol: 'http:', host: 'loom.test' })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function start() {
  const store = new LiveStore((flush) => {
    flush()
  })
  const stream = new RunStream('r1', store)
  stream.open()
  return { store, stream }
}

it('a stream that breaks goes on after the last event that it has', () => {
  const event = journal()
  const { store, stream } = start()
  socket(0).send(event(0, 'run.started'), event(1, 'step.started', 'ask'))
  socket(0).end(1012)
  expect(stream.connection()).toEqual({ state: 'retrying', attempt: 1 })

  vi.advanceTimersByTime(300)
  socket(1).send(
    event(2, 'step.succeeded', 'ask', { output: 1 }),
    event(3, 'run.succeeded', null, { output: 1 }),
  )

  expect(ScriptedSocket.opened.map(({ url }) => url)).toEqual([
    'ws://loom.test/ws/runs/r1/?after=0&deltas=all',
    'ws://loom.test/ws/runs/r1/?after=2&deltas=all',
  ])
  expect(store.snapshot().run.status).toBe('succeeded')
  expect(stream.connection()).toEqual({ state: 'ended' })
})

it('nothing is asked for after the run’s last event', () => {
  const event = journal()
  start()
  socket(0).send(event(0, 'run.started'), event(1, 'run.cancelled'))
  socket(0).end(1006)
  vi.advanceTimersByTime(60_000)

  expect(ScriptedSocket.opened).toHaveLength(1)
})

it('a refusal is final, and says why', () => {
  const { stream } = start()
  socket(0).send({ error: { code: 'not_found', message: 'There is no such run.' } })
  socket(0).end(4404)
  vi.advanceTimersByTime(60_000)

  expect(stream.connection()).toEqual({ state: 'refused', message: 'There is no such run.' })
  expect(ScriptedSocket.opened).toHaveLength(1)
})

it('a closed stream stays closed', () => {
  const { stream } = start()
  socket(0).end(1006)
  stream.close()
  vi.advanceTimersByTime(60_000)

  expect(ScriptedSocket.opened).toHaveLength(1)
})

it('attempts grow rarer, with jitter, up to ten seconds', () => {
  expect([1, 2, 3, 4].map((attempt) => delayBefore(attempt, 1))).toEqual([300, 600, 1200, 2400])
  expect(delayBefore(1, 0)).toBe(150)
  expect(delayBefore(40, 1)).toBe(10_000)
})
