import type { RunEvent } from './events'
import type { LiveRun, LiveStep } from './model'
import { foldRun, foldStep } from './fold'
import { newStep, PENDING_RUN } from './model'

type Listener = () => void
type Schedule = (flush: () => void) => void

export interface LiveSnapshot {
  run: LiveRun
  steps: readonly LiveStep[]
}

/**
 * What one run's events amount to, with a subscription for each node.
 *
 * Events are folded as they come; listeners hear of it once a frame, and only those whose node
 * changed. Streamed text is told to its node's listeners alone: the snapshot has it as of the last
 * numbered event. An event that was folded already (its `seq` says so) is ignored, so a stream may repeat itself.
 */
export class LiveStore {
  #run: LiveRun = PENDING_RUN
  #steps = new Map<string, LiveStep>()
  #shown: LiveSnapshot = { run: PENDING_RUN, steps: [] }
  #byNode = new Map<string, LiveStep>()
  #dirty = new Set<string>()
  /** Whether anything but streamed text came since the last frame. */
  #moved = false
  #nodeListeners = new Map<string, Set<Listener>>()
  #listeners = new Set<Listener>()
  #scheduled = false
  readonly #schedule: Schedule

  constructor(schedule: Schedule = (flush) => void requestAnimationFrame(flush)) {
    this.#schedule = schedule
  }

  get seq(): number {
    return this.#run.seq
  }

  push(event: RunEvent): void {
    if (event.seq !== null && event.seq <= this.#run.seq) return
    if (event.type !== 'step.delta') {
      this.#run = foldRun(this.#run, event)
      this.#moved = true
    }
    const key = event.step ?? event.data.step
    if (key) this.#pushStep(key, event)
    if (this.#scheduled) return
    this.#scheduled = true
    this.#schedule(() => {
      this.#flush()
    })
  }

  #pushStep(key: string, event: RunEvent): void {
    const before = this.#steps.get(key) ?? newStep(key, event.node ?? key.split(/[:~]/)[0] ?? key)
    const after = foldStep(before, event)
    this.#steps.set(key, after)
    this.#dirty.add(after.node)
  }

  #flush(): void {
    this.#scheduled = false
    for (const step of this.#steps.values()) {
      if (this.#dirty.has(step.node)) this.#byNode.set(step.node, step)
    }
    for (const node of this.#dirty)
      this.#nodeListeners.get(node)?.forEach((listener) => {
        listener()
      })
    this.#dirty.clear()
    if (!this.#moved) return
    this.#moved = false
    this.#shown = { run: this.#run, steps: [...this.#steps.values()] }
    this.#listeners.forEach((listener) => {
      listener()
    })
  }

  readonly subscribe = (listener: Listener): Listener => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): LiveSnapshot => this.#shown

  subscribeToNode(node: string, listener: Listener): Listener {
    const listeners = this.#nodeListeners.get(node) ?? new Set()
    this.#nodeListeners.set(node, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  /** The latest step of a node, or undefined before it has one. */
  stepOf(node: string): LiveStep | undefined {
    return this.#byNode.get(node)
  }
}
