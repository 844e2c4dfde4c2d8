import type { EdgeChange } from '@xyflow/react'
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
import { notesOf, resizeNote } from '@/graph/notes'
import type { CanvasChange } from './changes'
import { endsDrag, isPassing, movedOnly, parted, resized, toggled } from './changes'
import type { FlowEdge, FlowNode, Selection } from './flow'
import { NOTHING, toFlowEdges, toFlowNodes } from './flow'
import type { FlowNote } from './noteFlow'
import { noteKey, toFlowNotes } from './noteFlow'

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
    'dock' | 'paletteOpen' | 'inspectorOpen' | 'quickAdd' | 'connecting' | 'viewing' | 'writing'
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
  notes: FlowNote[]
  dock: DockTab | null
  paletteOpen: boolean
  inspectorOpen: boolean
  quickAdd: QuickAddRequest | null
  connecting: string | null
  /** The version that is looked at instead of the draft. */
  viewing: number | null
  /** The note that is being written. */
  writing: string | null

  perform: (command: Command) => void
  undo: () => void
  redo: () => void
  select: (selection: Partial<Selection>) => void
  setProblems: (problems: Problems) => void
  setRegions: (regions: Regions) => void
  /** Of cards and of notes: both are nodes to React Flow. */
  changeNodes: (changes: CanvasChange[]) => void
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
        notes: toFlowNotes(next.notes, graph, next.selection.notes),
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
      notes: toFlowNotes([], draft.graph, NOTHING.notes),
      dock: null,
      paletteOpen: false,
      inspectorOpen: false,
      quickAdd: null,
      connecting: null,
      viewing: null,
      writing: null,

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
      select: (selection) => {
        follow({ selection: { ...NOTHING, ...selection } })
      },
      setProblems: (problems) => {
        follow({ problems })
      },
      setRegions: (regions) => {
        if (!sameJson(regions, get().regions)) set({ regions })
      },
      changeNodes: (changes) => {
        const { cards, notes } = parted(changes)
        const passing = { cards: cards.filter(isPassing), notes: notes.filter(isPassing) }
        if (passing.cards.length > 0) set({ nodes: applyNodeChanges(passing.cards, get().nodes) })
        if (passing.notes.length > 0) set({ notes: applyNodeChanges(passing.notes, get().notes) })
        const { selection } = get()
        const selected = {
          nodes: toggled(selection.nodes, cards) ?? selection.nodes,
          notes: toggled(selection.notes, notes) ?? selection.notes,
        }
        if (selected.nodes !== selection.nodes || selected.notes !== selection.notes)
          follow({ selection: { ...selection, ...selected } })
        if (changes.some(endsDrag)) get().perform(dragged(get()))
        const note = resized(notes)
        if (note !== null) get().perform(resizing(note, get()))
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

/** The edit that leaves what was dragged where it lies by now. */
function dragged({ history, nodes, notes }: EditorState): Command {
  const { graph } = history.present
  const moved = movedOnly(notesOf(graph), notes, noteKey)
  return move(movedOnly(graph.nodes, nodes), { merge: 'move', notes: moved })
}

function resizing(id: string, { notes }: EditorState): Command {
  const {
    position,
    width = 0,
    height = 0,
  } = notes.find(({ data }) => data.note.id === id) ?? {
    position: { x: 0, y: 0 },
  }
  return resizeNote(id, { position, width, height })
}

function surviving(selection: Selection, { graph }: Draft): Selection {
  const nodes = graph.nodes.filter((node) => selection.nodes.has(node.id)).map((node) => node.id)
  const edges = graph.edges.map(edgeId).filter((id) => selection.edges.has(id))
  const notes = notesOf(graph).filter(({ id }) => selection.notes.has(id))
  const left = nodes.length + edges.length + notes.length
  if (left === selection.nodes.size + selection.edges.size + selection.notes.size) return selection
  return {
    nodes: new Set(nodes),
    edges: new Set(edges),
    notes: new Set(notes.map(({ id }) => id)),
  }
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

/** All that lies on the canvas. */
export const placedOf = ({ notes, nodes }: EditorState): (FlowNode | FlowNote)[] => [
  ...notes,
  ...nodes,
]

export const graphOf = (state: EditorState) => state.history.present.graph

/** The selected node where exactly one is; the inspector shows it. */
export function onlySelected({ selection }: EditorState): string | null {
  const [id, ...others] = selection.nodes
  return id !== undefined && others.length === 0 ? id : null
}
