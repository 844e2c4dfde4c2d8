import type { EdgeTypes, NodeTypes } from '@xyflow/react'
import {
  Background,
  BackgroundVariant,
  Controls,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStoreApi,
} from '@xyflow/react'
import { useMemo } from 'react'
import { useRegions } from '@/api/queries'
import type { Catalogue } from '@/graph/catalogue'
import type { Graph } from '@/graph/document'
import { NO_PROBLEMS } from '@/graph/problems'
import { AreasContext } from './AreasContext'
import { areasOf } from './areas'
import type { FlowNode } from './flow'
import { toFlowEdges, toFlowNodes, NOTHING } from './flow'
import { LoopEdge } from './LoopEdge'
import { NodeCard } from './NodeCard'
import { NoteCard } from './NoteCard'
import type { FlowNote } from './noteFlow'
import { toFlowNotes } from './noteFlow'
import { RegionAreas } from './RegionAreas'
import { RegionsContext } from './RegionsContext'
import { BARE_ROOM, viewportOf, ZOOM } from './viewport'
import { WireEdge } from './WireEdge'

const NODE_TYPES: NodeTypes = { card: NodeCard, note: NoteCard }
const EDGE_TYPES: EdgeTypes = { wire: WireEdge, loop: LoopEdge }

interface GraphViewProps {
  graph: Graph
  catalogue: Catalogue
  selected: string | null
  onSelect: (node: string | null) => void
}

/** A graph to look at, not to change; a click selects a node, and one beside them all selects none. */
export function GraphView(props: GraphViewProps) {
  return (
    <ReactFlowProvider>
      <ReadOnlyFlow {...props} />
    </ReactFlowProvider>
  )
}

function ReadOnlyFlow({ graph, catalogue, selected, onSelect }: GraphViewProps) {
  const regions = useRegions(graph)
  const nodes = useMemo(() => {
    const selection = { ...NOTHING, nodes: new Set(selected === null ? [] : [selected]) }
    return toFlowNodes([], graph, catalogue, selection, NO_PROBLEMS)
  }, [graph, catalogue, selected])
  const edges = useMemo(() => toFlowEdges([], graph, NOTHING), [graph])
  const areas = useMemo(() => areasOf(regions, graph, nodes), [regions, graph, nodes])
  const notes = useMemo(() => toFlowNotes([], graph, NOTHING.notes), [graph])
  const placed = useMemo(() => [...notes, ...nodes], [notes, nodes])
  const fit = useFit(placed)
  return (
    <RegionsContext value={regions}>
      <AreasContext value={areas}>
        <ReactFlow
          nodes={placed}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onInit={fit}
          onNodeClick={(_, node) => {
            onSelect(node.type === 'card' ? node.id : null)
          }}
          onPaneClick={() => {
            onSelect(null)
          }}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          deleteKeyCode={null}
          panOnScroll
          minZoom={ZOOM.least}
        >
          <RegionAreas areas={areas} />
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.8} />
          <Controls showInteractive={false} position="top-right" onFitView={fit} />
        </ReactFlow>
      </AreasContext>
    </RegionsContext>
  )
}

/** Brings the graph into view by the editor's rule: whole where it can be read so, else from its beginning. */
function useFit(placed: readonly (FlowNode | FlowNote)[]): () => void {
  const { setViewport } = useReactFlow()
  const store = useStoreApi()
  return () => {
    const { width, height } = store.getState()
    void setViewport(viewportOf(placed, width, height, BARE_ROOM))
  }
}
