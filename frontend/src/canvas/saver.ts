import { ApiError, hasStatus, messageOf } from '@/api/errors'
import type { Workflow } from '@/api/types'
import type { Draft } from '@/graph/document'
import { sameJson } from '@/graph/json'

export type SaveState =
  | { state: 'saved' }
  | { state: 'dirty' }
  | { state: 'saving' }
  | { state: 'offline' }
  | { state: 'failed'; message: string }
  | { state: 'conflict'; theirs: { revision: number; draft: Draft } }

export interface SaverOptions {
  revision: number
  saved: Draft
  /** Sends a draft that edits `revision`; throws `ApiError`, 409 when another revision is current. */
  send: (revision: number, draft: Draft) => Promise<Workflow>
  /** The workflow as it stands on the server, for when another revision is current. */
  current: () => Promise<Workflow>
  /** Keeps what is not saved yet, should the page close; null once all is saved. */
  keep: (unsaved: { revision: number; draft: Draft } | null) => void
}

const AFTER_MS = 700
const AGAIN_MS = 4000

/**
 * Saves a draft a moment after each change, one request at a time.
 *
 * Offline it tries again until it is through; on a conflict it stops and waits for a choice.
 */
export class Saver {
  #state: SaveState = { state: 'saved' }
  #revision: number
  #saved: Draft
  #draft: Draft
  #timer: ReturnType<typeof setTimeout> | null = null
  #open = false
  #sending: Promise<void> | null = null
  readonly #options: SaverOptions
  readonly #listeners = new Set<() => void>()

  constructor(options: SaverOptions) {
    this.#options = options
    this.#revision = options.revision
    this.#saved = options.saved
    this.#draft = options.saved
  }

  get revision(): number {
    return this.#revision
  }

  get savedDraft(): Draft {
    return this.#saved
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly state = (): SaveState => this.#state

  change(draft: Draft): void {
    this.#draft = draft
    if (this.#state.state === 'conflict') return
    const clean = sameJson(draft, this.#saved)
    this.#options.keep(clean ? null : { revision: this.#revision, draft })
    if (clean && !this.#sending) {
      this.#cancelTimer()
      this.#set({ state: 'saved' })
      return
    }
    if (this.#state.state !== 'offline') this.#set({ state: 'dirty' })
    this.#later(AFTER_MS)
  }

  /** Saves now. Rejects if the draft cannot be saved; then `state()` says why. */
  async flush(): Promise<void> {
    this.#cancelTimer()
    if (this.#sending) await this.#sending
    if (this.state().state === 'conflict') throw new Error('Choose first which version to keep.')
    if (!sameJson(this.#draft, this.#saved)) await this.#send()
    const state = this.state()
    if (state.state === 'failed') throw new Error(state.message)
    if (state.state === 'offline') throw new Error('The server cannot be reached.')
    if (state.state === 'conflict') throw new Error('This workflow was changed elsewhere.')
  }

  /** Ends a conflict: `draft`, whoever's it was, is what is edited from now on. */
  settle(draft: Draft): void {
    if (this.#state.state !== 'conflict') return
    this.#revision = this.#state.theirs.revision
    this.#saved = this.#state.theirs.draft
    this.#set({ state: 'saved' })
    this.change(draft)
  }

  /** Until `close`, what fails offline is tried again. */
  open(): void {
    this.#open = true
  }

  close(): void {
    this.#open = false
    this.#cancelTimer()
  }

  #later(ms: number): void {
    this.#cancelTimer()
    if (!this.#open) return
    this.#timer = setTimeout(() => {
      if (!this.#sending) void this.#send()
    }, ms)
  }

  #cancelTimer(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  async #send(): Promise<void> {
    this.#set({ state: 'saving' })
    this.#sending = this.#attempt(this.#draft)
    await this.#sending
    this.#sending = null
    const { state } = this.#state
    if (state === 'offline') this.#later(AGAIN_MS)
    else if (state === 'saved') this.change(this.#draft)
  }

  async #attempt(draft: Draft): Promise<void> {
    try {
      const { revision } = await this.#options.send(this.#revision, draft)
      this.#take(revision, draft)
    } catch (error) {
      await this.#after(error, draft)
    }
  }

  #take(revision: number, draft: Draft): void {
    this.#revision = revision
    this.#saved = draft
    this.#set({ state: 'saved' })
  }

  async #after(error: unknown, sent: Draft): Promise<void> {
    if (!hasStatus(error, 409)) {
      this.#set(failure(error))
      return
    }
    try {
      const { revision, name, graph } = await this.#options.current()
      const draft = { name, graph }
      // An earlier save of ours got through, and only its answer was lost.
      if (sameJson(draft, sent)) this.#take(revision, sent)
      else this.#set({ state: 'conflict', theirs: { revision, draft } })
    } catch (again) {
      this.#set(failure(again))
    }
  }

  #set(state: SaveState): void {
    if (state.state === this.#state.state && state.state !== 'failed') return
    this.#state = state
    this.#listeners.forEach((listener) => {
      listener()
    })
  }
}

function failure(error: unknown): SaveState {
  const passing = error instanceof ApiError && (error.offline || error.status >= 500)
  return passing ? { state: 'offline' } : { state: 'failed', message: messageOf(error) }
}
