import type { RunEvent } from './events'
import { TERMINAL } from './events'
import type { LiveStore } from './store'

export type Connection =
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'retrying'; attempt: number }
  | { state: 'ended' }
  | { state: 'refused'; message: string }

interface Refusal {
  error: { code: string; message: string }
}

const FIRST_DELAY_MS = 300
const LONGEST_DELAY_MS = 10_000
/** Closes after which trying again cannot help: bad cursor, not signed in, not allowed, not there. */
const FINAL: ReadonlySet<number> = new Set([4400, 4401, 4403, 4404, 4413])

/**
 * The one socket of a run. It feeds `store`, and after every break goes on from the last event
 * that the store has, until the run ends or the server refuses.
 */
export class RunStream {
  #socket: WebSocket | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #attempt = 0
  #refusal: string | null = null
  #connection: Connection = { state: 'connecting' }
  readonly #listeners = new Set<() => void>()
  readonly #run: string
  readonly #store: LiveStore

  constructor(run: string, store: LiveStore) {
    this.#run = run
    this.#store = store
  }

  open(): void {
    if (this.#connection.state === 'ended') return
    this.#timer = null
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const query = `after=${String(this.#store.seq)}&deltas=all`
    const socket = new WebSocket(`${scheme}://${location.host}/ws/runs/${this.#run}/?${query}`)
    this.#socket = socket
    socket.onopen = () => {
      this.#set({ state: 'open' })
    }
    socket.onmessage = (message) => {
      this.#take(JSON.parse(String(message.data)) as RunEvent | Refusal)
    }
    socket.onclose = ({ code }) => {
      this.#closed(code)
    }
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    if (!this.#socket) return
    this.#socket.onclose = null
    this.#socket.onmessage = null
    this.#socket.close()
    this.#socket = null
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly connection = (): Connection => this.#connection

  #take(frame: RunEvent | Refusal): void {
    if ('error' in frame) {
      this.#refusal = frame.error.message
      return
    }
    this.#attempt = 0
    this.#store.push(frame)
    if (TERMINAL.has(frame.type)) this.#set({ state: 'ended' })
  }

  #closed(code: number): void {
    if (this.#connection.state === 'ended') return
    if (code === 1000) {
      this.#set({ state: 'ended' })
      return
    }
    if (FINAL.has(code)) {
      this.#set({
        state: 'refused',
        message: this.#refusal ?? 'The server refused to show this run.',
      })
      return
    }
    this.#attempt += 1
    this.#set({ state: 'retrying', attempt: this.#attempt })
    this.#timer = setTimeout(
      () => {
        this.open()
      },
      delayBefore(this.#attempt, Math.random()),
    )
  }

  #set(connection: Connection): void {
    this.#connection = connection
    this.#listeners.forEach((listener) => {
      listener()
    })
  }
}

/** Milliseconds before the nth attempt: doubling, jittered by `chance` (0 to 1) down to half. */
export function delayBefore(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1))
  return full * (0.5 + chance / 2)
}
