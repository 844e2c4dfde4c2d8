import type { EdgeProps } from '@xyflow/react'
import { BaseEdge, EdgeLabelRenderer, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import type { LiveStep } from '@/live/model'
import { useLiveStep } from '@/live/useRun'
import { useFeedContext } from './FeedContext'
import type { FlowEdge } from './flow'

export const WireEdge = memo(function WireEdge(props: EdgeProps<FlowEdge>) {
  const { source, target, sourceHandleId, data, markerEnd } = props
  const feed = useFeedContext()
  const from = useLiveStep(feed, source)
  const to = useLiveStep(feed, target)
  const [path, x, y] = getBezierPath({ ...props, curvature: 0.32 })
  const loop = data?.edge.loop
  return (
    <>
      <BaseEdge
        path={path}
        {...(markerEnd ? { markerEnd } : {})}
        interactionWidth={22}
        className="wire"
        data-state={wireState(from, to, sourceHandleId ?? 'out')}
        data-port={sourceHandleId}
        data-loop={loop !== undefined}
      />
      {loop ? (
        <EdgeLabelRenderer>
          <span className="wire__label" style={{ translate: `${String(x)}px ${String(y)}px` }}>
            up to {loop.max_iterations ?? '?'} times
          </span>
        </EdgeLabelRenderer>
      ) : null}
    </>
  )
})

/** A wire flows into a running node, stays lit once it carried a value, and fades when it never will. */
function wireState(from: LiveStep | undefined, to: LiveStep | undefined, port: string) {
  if (!from || from.status === 'pending' || from.status === 'running') return 'idle'
  if (from.ports && !from.ports.includes(port)) return 'dead'
  if (from.status !== 'succeeded' && !from.handled) return 'dead'
  return to?.status === 'running' ? 'flowing' : 'live'
}
