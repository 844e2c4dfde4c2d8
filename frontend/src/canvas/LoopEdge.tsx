import type { EdgeProps } from '@xyflow/react'
import { BaseEdge, EdgeLabelRenderer } from '@xyflow/react'
import { memo } from 'react'
import { limitSign } from '@/graph/regions'
import { useNodeSteps } from '@/live/useRun'
import { useLoopArea } from './AreasContext'
import { useFeedContext } from './FeedContext'
import type { FlowEdge } from './flow'
import { lanePath } from './lanePath'
import { useFar } from './useFar'
import { loopState } from './wireState'

/** How far below its ends an edge leads back while nobody knows yet what lies between them. */
const BELOW = 110

/** An edge back to where a loop begins: round below all that the loop repeats. */
export const LoopEdge = memo(function LoopEdge(props: EdgeProps<FlowEdge>) {
  const { source, target, sourceX, sourceY, targetX, targetY, sourceHandleId, data } = props
  const feed = useFeedContext()
  const from = useNodeSteps(feed, source)
  const to = useNodeSteps(feed, target)
  const area = useLoopArea(target)
  const far = useFar()
  const lane = area?.lane ?? Math.max(sourceY, targetY) + BELOW
  const middle = { x: (sourceX + targetX) / 2, y: lane }
  return (
    <>
      <BaseEdge
        path={lanePath({ x: sourceX, y: sourceY }, { x: targetX, y: targetY }, lane)}
        interactionWidth={22}
        className="wire"
        data-loop="true"
        data-port={sourceHandleId}
        data-state={loopState(from, to, sourceHandleId ?? 'out')}
      />
      <EdgeLabelRenderer>
        <span
          className="wire__label"
          data-far={far}
          data-selected={props.selected ?? false}
          style={{ translate: `${String(middle.x)}px ${String(middle.y)}px` }}
        >
          {limitSign(data?.edge.loop?.max_iterations)}
        </span>
      </EdgeLabelRenderer>
    </>
  )
})
