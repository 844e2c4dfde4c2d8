import type { EdgeProps } from '@xyflow/react'
import { BaseEdge, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import { useNodeSteps } from '@/live/useRun'
import { useFeedContext } from './FeedContext'
import type { FlowEdge } from './flow'
import { useLoopAround } from './RegionsContext'
import { isBehind, wireState } from './wireState'

export const WireEdge = memo(function WireEdge(props: EdgeProps<FlowEdge>) {
  const { source, target, sourceHandleId, markerEnd } = props
  const feed = useFeedContext()
  const from = useNodeSteps(feed, source)
  const to = useNodeSteps(feed, target)
  const head = useNodeSteps(feed, useLoopAround(source) ?? source)
  const state = isBehind(from, head) ? 'idle' : wireState(from?.latest, to, sourceHandleId ?? 'out')
  const [path] = getBezierPath({ ...props, curvature: 0.32 })
  return (
    <BaseEdge
      path={path}
      {...(markerEnd ? { markerEnd } : {})}
      interactionWidth={22}
      className="wire"
      data-state={state}
      data-port={sourceHandleId}
    />
  )
})
