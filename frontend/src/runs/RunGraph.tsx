import type { EdgeTypes, NodeTypes } from '@xyflow/react'
import {
  Background,
  BackgroundVariant,
  Controls,
  ReactFlow,
  ReactFlowProvider,
} from '@xyflow/react'
import { useMemo } from 'react'
import { toFlowEdges, toFlowNodes, NOTHING } from '@/canvas/flow'
import { NodeCard } from '@/canvas/NodeCard'
import { IconSprite } from '@/canvas/NodeIcon'
import { WireEdge } from '@/canvas/WireEdge'
import type { Catalogue } from '@/graph/catalogue'
import type { Graph } from '@/graph/document'
import { NO_PROBLEMS } from '@/graph/problems'

const NODE_TYPES: NodeTypes = { card: NodeCard }
const EDGE_TYPES: EdgeTypes = { wire: WireEdge }

const SMALL_FIT = { padding: { top: '24px', bottom: '40px', x: '5%' }, maxZoom: 1 } as const

interface RunGraphProps {
  graph: Graph
  catalogue: Catalogue
  selected: string | null
  onSelect: (node: string) => void
}

/** The graph as it ran, whatever became of the workflow since; a click selects the step. */
export function RunGraph({ graph, catalogue, selected, onSelect }: RunGraphProps) {
  const nodes = useMemo(() => {
    const selection = { ...NOTHING, nodes: new Set(selected === null ? [] : [selected]) }
    return toFlowNodes([], graph, catalogue, selection, NO_PROBLEMS)
  }, [graph, catalogue, selected])
  const edges = useMemo(() => toFlowEdges([], graph, NOTHING), [graph])
  return (
    <section className="run-page__graph" aria-label="The graph as it ran">
      <IconSprite catalogue={catalogue} />
      <ReactFlowProvider>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onNodeClick={(_, node) => {
            onSelect(node.id)
          }}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          deleteKeyCode={null}
          panOnScroll
          minZoom={0.05}
          fitView
          fitViewOptions={SMALL_FIT}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.8} />
          <Controls showInteractive={false} position="top-right" />
        </ReactFlow>
      </ReactFlowProvider>
    </section>
  )
}
