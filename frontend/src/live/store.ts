import type { RunEvent } from './events'
import { isAboutRun, isCallEnd, isCallStart, isDelta } from './events'
import { foldCall, foldRun, foldStep } from './fold'
import { nodeIn } from './key'
import type { LiveRun, LiveStep } from './model'
import { newStep, PENDING_RUN } from './model'
import type { NodeSteps } from './nodeSteps'
import { gathered } from './nodeSteps'
import { extend } from './text'

type Listener = () => void
/** Calls `flush` in the next frame, or `afterMs` from now. */
type Schedule = (flush: () => void, afterMs: number) => void

/** From so many steps on, telling them takes long enough that five times a second is often enough. */
const MANY = 500
const SELDOM_MS = 200

const inTime: Schedule = (flush, afterMs) => {
  if (afterMs > 0) setTimeout(flush, afterMs)
  else requestAnimationFrame(flush)
}

export interface LiveSnapshot {
  run: LiveRun
  steps: readonly LiveStep[]
}

/**
 * What one run's events amount to, with a subscription for each node.
 *
 * Events are folded as they come; listeners hear of it once a frame at most, and only those whose node
 * changed. Streamed text is told to its node's listeners alone: the snapshot has it as of the last
 * numbered event. An event that was folded already (its `seq` says so) is ignored, so a stream may repeat itself.
 */
export class LiveStore {
  #run: LiveRun = PENDING_RUN
  #steps = new Map<string, LiveStep>()
  #shown: LiveSnapshot = { run: PENDING_RUN, steps: [] }
  #keysOf = new Map<string, Set<string>>()
  #byNode = new Map<string, NodeSteps>()
  #dirty = new Set<string>()
  /** Whether anything but streamed text came since the last frame. */
  #moved = false
  #nodeListeners = new Map<string, Set<Listener>>()
  #listeners = new Set<Listener>()
  #scheduled = false
  readonly #schedule: Schedule

  constructor(schedule: Schedule = inTime) {
    this.#schedule = schedule
  }

  get seq(): number {
    return this.#run.seq
  }

  push(event: RunEvent): void {
    if (event.seq !== null && event.seq <= this.#run.seq) return
    if (event.seq !== null) {
      this.#run = { ...this.#run, seq: event.seq }
      this.#moved = true
    }
    if (isAboutRun(event)) this.#run = foldRun(this.#run, event)
    else this.#pushStep(event)
    if (this.#scheduled) return
    this.#scheduled = true
    this.#schedule(
      () => {
        this.#flush()
      },
      this.#steps.size > MANY ? SELDOM_MS : 0,
    )
  }

  #pushStep(event: Exclude<RunEvent, { step: null }>): void {
    const key = isDelta(event) ? event.data.step : event.step
    const before = this.#steps.get(key) ?? newStep(key, event.node ?? nodeIn(key))
    this.#steps.set(key, folded(before, event))
    this.#keysOf.set(before.node, (this.#keysOf.get(before.node) ?? new Set()).add(key))
    this.#dirty.add(before.node)
  }

  #flush(): void {
    this.#scheduled = false
    for (const node of this.#dirty) {
      const steps = gathered(this.#stepsOf(node))
      if (steps) this.#byNode.set(node, steps)
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

  #stepsOf(node: string): LiveStep[] {
    const keys = [...(this.#keysOf.get(node) ?? [])]
    return keys.flatMap((key) => this.#steps.get(key) ?? [])
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

  /** All steps of a node, or undefined before it has one. */
  nodeSteps(node: string): NodeSteps | undefined {
    return this.#byNode.get(node)
  }

  /** The latest step of a node, or undefined before it has one. */
  stepOf(node: string): LiveStep | undefined {
    return this.#byNode.get(node)?.latest
  }

  /** The step of this key, as of the last event. */
  step(key: string): LiveStep | undefined {
    return this.#steps.get(key)
  }
}

function folded(step: LiveStep, event: Exclude<RunEvent, { step: null }>): LiveStep {
  if (isDelta(event)) return { ...step, text: extend(step.text, event.data) }
  if (isCallStart(event) || isCallEnd(event)) return foldCall(step, event)
  return foldStep(step, event)
}
