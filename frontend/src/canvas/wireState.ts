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
