import type { LiveStep } from '@/live/model'
import type { NodeSteps } from '@/live/nodeSteps'

export type WireState = 'idle' | 'flowing' | 'live' | 'dead'

/** A wire flows into a running node, stays lit once it carried a value, and fades when it never will. */
export function wireState(
  from: LiveStep | undefined,
  to: NodeSteps | undefined,
  port: string,
): WireState {
  if (!from || from.status === 'pending' || from.status === 'running') return 'idle'
  if (from.ports && !from.ports.includes(port)) return 'dead'
  if (from.status !== 'succeeded' && !from.handled) return 'dead'
  return to?.status === 'running' ? 'flowing' : 'live'
}

/** Whether a loop has begun another pass that `from` has not come to: what it gave before no longer counts. */
export const isBehind = (from: NodeSteps | undefined, head: NodeSteps | undefined): boolean =>
  (head?.pass ?? 1) > (from?.pass ?? 1)

/** A loop's edge stays lit once any pass went back by it, though the last one did not. */
export function loopState(
  from: NodeSteps | undefined,
  to: NodeSteps | undefined,
  port: string,
): WireState {
  const now = wireState(from?.latest, to, port)
  const taken = from?.steps.some((step) => step.ports?.includes(port))
  return now === 'dead' && taken ? 'live' : now
}
