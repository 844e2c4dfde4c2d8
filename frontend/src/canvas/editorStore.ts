import type { EdgeChange, NodeChange } from '@xyflow/react'
import { applyNodeChanges } from '@xyflow/react'
import { createContext, useContext } from 'react'
import type { StoreApi } from 'zustand'
import { createStore, useStore } from 'zustand'
import type { Catalogue } from '@/graph/catalogue'
import { move } from '@/graph/commands'
import type { Draft, PortRef, Position } from '@/graph/document'
import { edgeId } from '@/graph/document'
import type { Command, History } from '@/graph/history'
import { perform, redo, startHistory, undo } from '@/graph/history'
import type { Problems } from '@/graph/problems'
import { NO_PROBLEMS } from '@/graph/problems'
import { sameJson } from '@/graph/json'
import type { Regions } from '@/graph/regions'
import { NO_REGIONS } from '@/graph/regions'
import type { FlowEdge, FlowNode, Selection } from './flow'
import { NOTHING, toFlowEdges, toFlowNodes } from './flow'

export type DockTab = 'run' | 'problems' | 'outline'

/** A wire that hangs loose: the end it has, and which side of a node it comes from. */
export interface LooseWire {
  end: PortRef
  side: 'in' | 'out'
}

export interface QuickAddRequest {
  /** Where its list opens, in the window. */
  screen: Position
  /** Where the node goes, on the canvas. */
  canvas: Position
  wire: LooseWire | null
}

/** What is open beside and above the canvas. */
type Panels = Partial<
  Pick<
    EditorState,
    'dock' | 'paletteOpen' | 'inspectorOpen' | 'quickAdd' | 'connecting' | 'viewing'
  >
>

export interface EditorState {
  workflow: string
  catalogue: Catalogue
  history: History
  selection: Selection
  problems: Problems
  /** As the last validation told them: they may lag behind the graph. */
  regions: Regions
  nodes: FlowNode[]
  edges: FlowEdge[]
  dock: DockTab | null
  paletteOpen: boolean
  inspectorOpen: boolean
  quickAdd: QuickAddRequest | null
  connecting: string | null
  /** The version that is looked at instead of the draft. */
  viewing: number | null

  perform: (command: Command) => void
  undo: () => void
  redo: () => void
  select: (selection: Partial<Selection>) => void
  setProblems: (problems: Problems) => void
  setRegions: (regions: Regions) => void
  changeNodes: (changes: NodeChange<FlowNode>[]) => void
  changeEdges: (changes: EdgeChange<FlowEdge>[]) => void
  show: (change: Panels) => void
}

export type EditorStore = StoreApi<EditorState>

export function createEditor(workflow: string, draft: Draft, catalogue: Catalogue): EditorStore {
  return createStore<EditorState>()((set, get) => {
    /** State after `change`, with React Flow's nodes and edges made to follow. */
    const follow = (change: Partial<EditorState>) => {
      const next = { ...get(), ...change }
      const { graph } = next.history.present
      set({
        ...change,
        nodes: toFlowNodes(next.nodes, graph, catalogue, next.selection, next.problems),
        edges: toFlowEdges(next.edges, graph, next.selection),
      })
    }
    const travel = (history: History) => {
      follow({ history, selection: surviving(get().selection, history.present) })
    }
    return {
      workflow,
      catalogue,
      history: startHistory(draft),
      selection: NOTHING,
      problems: NO_PROBLEMS,
      regions: NO_REGIONS,
      nodes: toFlowNodes([], draft.graph, catalogue, NOTHING, NO_PROBLEMS),
      edges: toFlowEdges([], draft.graph, NOTHING),
      dock: null,
      paletteOpen: false,
      inspectorOpen: false,
      quickAdd: null,
      connecting: null,
      viewing: null,

      perform: (command) => {
        const { history } = get()
        const next = perform(history, command, Date.now())
        if (next !== history) travel(next)
      },
      undo: () => {
        travel(undo(get().history))
      },
      redo: () => {
        travel(redo(get().history))
      },
      select: ({ nodes = new Set(), edges = new Set() }) => {
        follow({ selection: { nodes, edges } })
      },
      setProblems: (problems) => {
        follow({ problems })
      },
      setRegions: (regions) => {
        if (!sameJson(regions, get().regions)) set({ regions })
      },
      changeNodes: (changes) => {
        const nodesSelected = toggled(get().selection.nodes, changes)
        const passing = changes.filter(({ type }) => type === 'position' || type === 'dimensions')
        if (passing.length > 0) set({ nodes: applyNodeChanges(passing, get().nodes) })
        if (nodesSelected) follow({ selection: { ...get().selection, nodes: nodesSelected } })
        if (changes.some((change) => change.type === 'position' && change.dragging === false)) {
          const { nodes } = get()
          const there = new Map(nodes.map((node) => [node.id, node.position]))
          get().perform(move(movedOnly(there, get()), { merge: 'move' }))
        }
      },
      changeEdges: (changes) => {
        const edges = toggled(get().selection.edges, changes)
        if (edges) follow({ selection: { ...get().selection, edges } })
      },
      show: (change) => {
        const back = change.dock || change.inspectorOpen ? { viewing: null } : {}
        set({ ...back, ...change, ...(isNarrow() ? makingRoomFor(change) : {}) })
      },
    }
  })
}

/** On a phone there is room for one panel beside the canvas. */
const isNarrow = () => typeof innerWidth === 'number' && innerWidth <= 720

function makingRoomFor({ dock, inspectorOpen, paletteOpen }: Panels): Panels {
  if (dock) return { inspectorOpen: false, paletteOpen: false }
  if (inspectorOpen) return { dock: null, paletteOpen: false }
  return paletteOpen ? { dock: null, inspectorOpen: false } : {}
}

function movedOnly(there: Map<string, Position>, { history }: EditorState): Map<string, Position> {
  const moved = history.present.graph.nodes.filter(({ id, position }) => {
    const to = there.get(id)
    return to && (Math.round(to.x) !== position?.x || Math.round(to.y) !== position.y)
  })
  return new Map(moved.map(({ id }) => [id, there.get(id) ?? { x: 0, y: 0 }]))
}

function surviving(selection: Selection, { graph }: Draft): Selection {
  const nodes = graph.nodes.filter((node) => selection.nodes.has(node.id)).map((node) => node.id)
  const edges = graph.edges.map(edgeId).filter((id) => selection.edges.has(id))
  const same = nodes.length === selection.nodes.size && edges.length === selection.edges.size
  return same ? selection : { nodes: new Set(nodes), edges: new Set(edges) }
}

/** The ids that are selected after `changes`; null where they select nothing and unselect nothing. */
function toggled(
  ids: ReadonlySet<string>,
  changes: (NodeChange<FlowNode> | EdgeChange<FlowEdge>)[],
): Set<string> | null {
  const selects = changes.filter((change) => change.type === 'select')
  if (selects.length === 0) return null
  const after = new Set(ids)
  for (const { id, selected } of selects) {
    if (selected) after.add(id)
    else after.delete(id)
  }
  return after
}

export const EditorContext = createContext<EditorStore | null>(null)

export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext)
  if (!store) throw new Error('There is no editor around this component.')
  return store
}

export function useEditor<T>(select: (state: EditorState) => T): T {
  return useStore(useEditorStore(), select)
}

export const graphOf = (state: EditorState) => state.history.present.graph

/** The selected node where exactly one is; the inspector shows it. */
export function onlySelected({ selection }: EditorState): string | null {
  const [id, ...others] = selection.nodes
  return id !== undefined && others.length === 0 ? id : null
}
