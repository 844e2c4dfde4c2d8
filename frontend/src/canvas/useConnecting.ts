import type { IsValidConnection, OnConnect, OnConnectEnd } from '@xyflow/react'
import { useReactFlow } from '@xyflow/react'
import { useMemo } from 'react'
import { inputsOf } from '@/graph/catalogue'
import { connect } from '@/graph/commands'
import type { DraftEdge } from '@/graph/connect'
import { canConnect } from '@/graph/connect'
import type { PortRef } from '@/graph/document'
import { edgeId, makeEdge, nodeOf } from '@/graph/document'
import { warn } from '@/ui/toast'
import type { EditorStore } from './editorStore'
import { graphOf, useEditorStore } from './editorStore'
import type { FlowEdge } from './flow'

interface Ends {
  source: string
  target: string
  sourceHandle?: string | null
  targetHandle?: string | null
}

const draftOf = (ends: Ends): DraftEdge => ({
  source: { node: ends.source, port: ends.sourceHandle ?? 'out' },
  target: { node: ends.target, port: ends.targetHandle ?? 'in' },
})

/** React Flow's handlers for drawing wires: onto a port, onto a card, or onto the empty canvas. */
export function useConnecting() {
  const store = useEditorStore()
  const { screenToFlowPosition } = useReactFlow()
  return useMemo(() => {
    const isValidConnection: IsValidConnection<FlowEdge> = (ends) =>
      verdict(store, draftOf(ends)).ok
    const onConnect: OnConnect = (ends) => {
      tryConnect(store, draftOf(ends))
    }
    const onConnectEnd: OnConnectEnd = (event, state) => {
      const { fromHandle, toHandle, isValid } = state
      if (!fromHandle || isValid) return
      const end: PortRef = { node: fromHandle.nodeId, port: fromHandle.id ?? 'out' }
      const side = fromHandle.type === 'source' ? 'out' : 'in'
      const screen = pointOf(event)
      const onto = cardAt(event)
      if (toHandle)
        tryConnect(store, between(end, side, { node: toHandle.nodeId, port: toHandle.id ?? 'in' }))
      else if (onto) {
        if (onto !== end.node) tryConnect(store, between(end, side, portOn(store, onto, side)))
      } else {
        const canvas = screenToFlowPosition(screen)
        store.getState().show({ quickAdd: { screen, canvas, wire: { end, side } } })
      }
    }
    return { isValidConnection, onConnect, onConnectEnd }
  }, [store, screenToFlowPosition])
}

function verdict(store: EditorStore, draft: DraftEdge) {
  const state = store.getState()
  return canConnect(graphOf(state), draft, state.catalogue)
}

function tryConnect(store: EditorStore, draft: DraftEdge) {
  const found = verdict(store, draft)
  if (found.ok) draw(store, found.loop ? { ...draft, loop: found.loop } : draft)
  else warn('Not connected', new Error(found.reason))
}

/** Draws the edge; one that leads back is opened too, since how often it may is for the person to say. */
function draw(store: EditorStore, draft: DraftEdge) {
  store.getState().perform(connect(draft))
  if (!draft.loop) return
  store.getState().select({ edges: new Set([edgeId(makeEdge(draft.source, draft.target))]) })
  store.getState().show({ inspectorOpen: true })
}

const between = (end: PortRef, side: 'in' | 'out', other: PortRef): DraftEdge =>
  side === 'out' ? { source: end, target: other } : { source: other, target: end }

function portOn(store: EditorStore, id: string, side: 'in' | 'out'): PortRef {
  const state = store.getState()
  const node = nodeOf(graphOf(state), id)
  const inputs = node ? inputsOf(node, state.catalogue) : []
  return { node: id, port: side === 'out' ? (inputs[0]?.name ?? 'in') : 'out' }
}

function pointOf(event: MouseEvent | TouchEvent) {
  const point = 'changedTouches' in event ? event.changedTouches[0] : event
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 }
}

/** The card under a pointer that was let go. */
function cardAt(event: MouseEvent | TouchEvent): string | null {
  const { x, y } = pointOf(event)
  const card = document.elementFromPoint(x, y)?.closest<HTMLElement>('.react-flow__node')
  return card?.dataset.id ?? null
}
