import type { EdgeTypes, NodeTypes } from '@xyflow/react'
import {
  Background,
  BackgroundVariant,
  Controls,
  ReactFlow,
  ReactFlowProvider,
} from '@xyflow/react'
import { useMemo } from 'react'
import type { Catalogue } from '@/graph/catalogue'
import type { Graph } from '@/graph/document'
import { NO_PROBLEMS } from '@/graph/problems'
import { toFlowEdges, toFlowNodes, NOTHING } from './flow'
import { NodeCard } from './NodeCard'
import { WireEdge } from './WireEdge'

const NODE_TYPES: NodeTypes = { card: NodeCard }
const EDGE_TYPES: EdgeTypes = { wire: WireEdge }

const SMALL_FIT = { padding: { top: '24px', bottom: '40px', x: '5%' }, maxZoom: 1 } as const

interface GraphViewProps {
  graph: Graph
  catalogue: Catalogue
  selected: string | null
  onSelect: (node: string | null) => void
}

/** A graph to look at, not to change; a click selects a node, and one beside them all selects none. */
export function GraphView({ graph, catalogue, selected, onSelect }: GraphViewProps) {
  const nodes = useMemo(() => {
    const selection = { ...NOTHING, nodes: new Set(selected === null ? [] : [selected]) }
    return toFlowNodes([], graph, catalogue, selection, NO_PROBLEMS)
  }, [graph, catalogue, selected])
  const edges = useMemo(() => toFlowEdges([], graph, NOTHING), [graph])
  return (
    <ReactFlowProvider>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodeClick={(_, node) => {
          onSelect(node.id)
        }}
        onPaneClick={() => {
          onSelect(null)
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
  )
}
