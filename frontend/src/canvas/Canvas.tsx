import type { DefaultEdgeOptions, EdgeTypes, NodeTypes } from '@xyflow/react'
import {
  Background,
  BackgroundVariant,
  ConnectionMode,
  MiniMap,
  Panel,
  ReactFlow,
} from '@xyflow/react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { useMemo, useRef, useState } from 'react'
import { AreasContext } from './AreasContext'
import { areasOf } from './areas'
import { CanvasEmpty } from './CanvasEmpty'
import { ConnectionHint } from './ConnectionHint'
import { graphOf, useEditor, useEditorStore } from './editorStore'
import type { FlowNode } from './flow'
import type { FlowNote } from './noteFlow'
import { noteIn } from './noteFlow'
import { LoopEdge } from './LoopEdge'
import { NodeCard } from './NodeCard'
import { RegionAreas } from './RegionAreas'
import { RegionsContext } from './RegionsContext'
import { Toolbar } from './Toolbar'
import { focusInspector } from './useActions'
import { useConnecting } from './useConnecting'
import { useDropNode } from './useDropNode'
import { useKeepFit } from './useKeepFit'
import { ZOOM, viewportOf } from './viewport'
import { WireEdge } from './WireEdge'
import { WritableNote } from './WritableNote'

const NODE_TYPES: NodeTypes = { card: NodeCard, note: WritableNote }
const EDGE_TYPES: EdgeTypes = { wire: WireEdge, loop: LoopEdge }
const EDGE_OPTIONS: DefaultEdgeOptions = { interactionWidth: 22 }
const MIDDLE_AND_RIGHT = [1, 2]
const MAP_SIZE = { width: 168, height: 108 }
const TOP_BAR = 50
/** From here on, cards out of sight are left out of the page. */
const MANY = 300

const hasFinePointer = () => matchMedia('(pointer: fine)').matches

/** The workflow as a graph to draw on. Drag marks, the wheel pans; a finger pans. */
export function Canvas() {
  const store = useEditorStore()
  const nodes = useEditor((state) => state.nodes)
  const notes = useEditor((state) => state.notes)
  const edges = useEditor((state) => state.edges)
  const placed = useMemo(() => [...notes, ...nodes], [notes, nodes])
  const regions = useEditor((state) => state.regions)
  const graph = useEditor(graphOf)
  const areas = useMemo(() => areasOf(regions, graph, nodes), [regions, graph, nodes])
  const { changeNodes, changeEdges, show } = store.getState()
  const connecting = useConnecting()
  const drop = useDropNode()
  const wrapper = useRef<HTMLDivElement>(null)
  const fine = hasFinePointer()
  const fit = useKeepFit(wrapper)
  const [first] = useState(() => viewportOf(placed, innerWidth, innerHeight - TOP_BAR))

  const addHere = (event: MouseEvent) => {
    // The pane holds the cards as well.
    if (!(event.target instanceof Element) || !event.target.matches('.react-flow__pane')) return
    drop.askAt({ x: event.clientX, y: event.clientY })
  }

  const openByKey = (event: KeyboardEvent) => {
    const card = event.target instanceof Element && event.target.closest('.react-flow__node')
    if (event.key !== 'Enter' || !card) return
    const note = noteIn(card.getAttribute('data-id') ?? '')
    if (note !== null) {
      event.preventDefault()
      show({ writing: note })
      return
    }
    show({ inspectorOpen: true })
    focusInspector()
  }

  const openInspector = () => {
    show({ inspectorOpen: true })
  }

  return (
    <section
      className="canvas"
      aria-label="Canvas"
      ref={wrapper}
      tabIndex={-1}
      onKeyDown={openByKey}
      onDoubleClick={addHere}
      onDragOver={drop.onDragOver}
      onDrop={drop.onDrop}
    >
      <RegionsContext value={regions}>
        <AreasContext value={areas}>
          <ReactFlow
            nodes={placed}
            edges={edges}
            nodeTypes={NODE_TYPES}
            edgeTypes={EDGE_TYPES}
            defaultEdgeOptions={EDGE_OPTIONS}
            onNodesChange={changeNodes}
            onEdgesChange={changeEdges}
            onPaneClick={() => {
              show({ quickAdd: null, connecting: null })
            }}
            onNodeClick={(_, { type }) => {
              if (type === 'card') openInspector()
            }}
            onEdgeClick={openInspector}
            {...fit}
            defaultViewport={first}
            {...connecting}
            connectionMode={ConnectionMode.Strict}
            connectionRadius={28}
            selectionOnDrag={fine}
            panOnDrag={fine ? MIDDLE_AND_RIGHT : true}
            panOnScroll
            zoomOnDoubleClick={false}
            selectNodesOnDrag={false}
            multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
            deleteKeyCode={null}
            edgesFocusable={false}
            onlyRenderVisibleElements={nodes.length > MANY}
            minZoom={ZOOM.least}
            maxZoom={ZOOM.most}
          >
            <RegionAreas areas={areas} />
            <Background variant={BackgroundVariant.Dots} gap={20} size={1.8} />
            <MiniMap
              className="minimap"
              pannable
              zoomable
              ariaLabel="Map of the canvas"
              nodeColor={minimapColour}
              nodeBorderRadius={24}
              style={MAP_SIZE}
            />
            <Panel position="bottom-center">
              <Toolbar />
            </Panel>
            <ConnectionHint />
          </ReactFlow>
        </AreasContext>
      </RegionsContext>
      {placed.length === 0 ? <CanvasEmpty onAdd={drop.askInMiddle} /> : null}
    </section>
  )
}

function minimapColour(node: FlowNode | FlowNote): string {
  if (node.type === 'note') return 'var(--note-edge)'
  return node.data.problems.some((problem) => problem.severity === 'error')
    ? 'var(--bad)'
    : 'var(--wire)'
}
