import { useReactFlow } from '@xyflow/react'
import type { DragEvent } from 'react'
import { useMemo } from 'react'
import { addNode, newNode } from '@/graph/commands'
import type { Position } from '@/graph/document'
import type { NodeType } from '@/graph/catalogue'
import { portType } from '@/graph/catalogue'
import { matchingPort } from '@/graph/connect'
import { makeEdge } from '@/graph/document'
import type { EditorState, EditorStore, LooseWire } from './editorStore'
import { graphOf, useEditorStore } from './editorStore'
import { freeSpot } from './freeSpot'
import { CARD_WIDTH } from './geometry'
import type { Placeable } from './nodeItems'
import { placeableOf } from './nodeItems'
import { putNote } from './putNote'

export const DRAG_TYPE = 'application/x-wireloom-node-type'

/** The ways in which a node or a note comes onto the canvas, other than by paste. */
export function useDropNode() {
  const store = useEditorStore()
  const { screenToFlowPosition } = useReactFlow()
  return useMemo(() => {
    const askAt = (screen: Position) => {
      store
        .getState()
        .show({ quickAdd: { screen, canvas: screenToFlowPosition(screen), wire: null } })
    }
    const put = (what: Placeable, at: Position) => {
      if (what === 'note') putNote(store, at)
      else putNode(store, what, at, null)
    }
    const add = (what: Placeable) => {
      put(what, freeSpot(store.getState(), what, screenToFlowPosition(middle())))
    }
    const onDragOver = (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(DRAG_TYPE)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    }
    const onDrop = (event: DragEvent) => {
      const what = placeableOf(event.dataTransfer.getData(DRAG_TYPE), store.getState().catalogue)
      if (!what) return
      event.preventDefault()
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY })
      put(what, { x: at.x - CARD_WIDTH / 2, y: at.y - 23 })
    }
    return {
      askAt,
      askInMiddle: () => {
        askAt(middle())
      },
      add,
      onDragOver,
      onDrop,
    }
  }, [store, screenToFlowPosition])
}

function middle(): Position {
  const box = document.querySelector('.canvas')?.getBoundingClientRect()
  return box
    ? { x: box.left + box.width / 2 - 120, y: box.top + box.height / 2 - 60 }
    : { x: innerWidth / 2, y: innerHeight / 2 }
}

/** Adds a node of `type` at `at`, joined to the loose wire where it fits, and selects it. */
export function putNode(
  store: EditorStore,
  type: NodeType,
  at: Position,
  wire: LooseWire | null,
): void {
  const state = store.getState()
  const node = newNode(graphOf(state), type, at)
  state.perform(addNode(node, ...joined(state, node.id, type, wire)))
  state.select({ nodes: new Set([node.id]) })
  state.show({ quickAdd: null, inspectorOpen: true })
}

function joined(state: EditorState, id: string, type: NodeType, wire: LooseWire | null) {
  if (!wire) return []
  const port = matchingPort(type, wireType(state, wire), wire.side === 'out' ? 'in' : 'out')
  if (!port) return []
  const own = { node: id, port: port.name }
  return [wire.side === 'out' ? makeEdge(wire.end, own) : makeEdge(own, wire.end)]
}

export const wireType = (state: EditorState, { end, side }: LooseWire): string =>
  portType(graphOf(state), state.catalogue, end, side) ?? 'any'
