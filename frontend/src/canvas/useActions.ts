import type { ReactFlowInstance } from '@xyflow/react'
import { useReactFlow } from '@xyflow/react'
import { useMemo } from 'react'
import { copy, cornerOf, fromText, place, asText } from '@/graph/clipboard'
import { addFragment, move, remove } from '@/graph/commands'
import type { Position } from '@/graph/document'
import { childrenOf, parentsOf } from '@/graph/walk'
import { warn } from '@/ui/toast'
import { layoutOf } from './autoLayout'
import type { DockTab, EditorStore } from './editorStore'
import { graphOf, onlySelected, placedOf, useEditorStore } from './editorStore'
import { CARD_WIDTH } from './geometry'
import { viewportOf } from './viewport'

export type Actions = ReturnType<typeof makeActions>

/** What a person can do to the canvas, by whatever key, button or menu. */
export function useActions(): Actions {
  const store = useEditorStore()
  const flow = useReactFlow()
  return useMemo(() => makeActions(store, flow), [store, flow])
}

function makeActions(store: EditorStore, flow: ReactFlowInstance) {
  const get = () => store.getState()
  const toggle = (tab: DockTab) => {
    get().show({ dock: get().dock === tab ? null : tab })
  }
  const paste = (text: string, at?: Position) => {
    const fragment = fromText(text)
    if (!fragment || fragment.nodes.length + fragment.notes.length === 0) return false
    const corner = cornerOf(fragment)
    const placed = place(graphOf(get()), fragment, at ?? { x: corner.x + 40, y: corner.y + 40 })
    get().perform(addFragment(placed))
    get().select({ nodes: idsOf(placed.nodes), notes: idsOf(placed.notes) })
    return true
  }
  const copied = () => {
    const { selection } = get()
    if (selection.nodes.size + selection.notes.size === 0) return null
    return asText(copy(graphOf(get()), selection.nodes, selection.notes))
  }
  const removeSelected = () => {
    const { selection, perform } = get()
    perform(remove(selection.nodes, selection.edges, selection.notes))
    focusCanvas()
  }
  const fit = () => {
    const box = canvasBox()
    if (box) void flow.setViewport(viewportOf(placedOf(get()), box.width, box.height), glide(220))
  }
  const goTo = (id: string) => {
    get().select({ nodes: new Set([id]) })
    get().show({ inspectorOpen: true })
    focusNode(id)
    reveal(flow, get().nodes.find((node) => node.id === id)?.position)
  }
  const walk = (next: typeof parentsOf) => {
    const id = onlySelected(get())
    const [found] = id === null ? [] : next(graphOf(get()), id)
    if (found) goTo(found)
  }
  return {
    undo: () => {
      get().undo()
    },
    redo: () => {
      get().redo()
    },
    paste,
    copied,
    removeSelected,
    goTo,
    duplicate: () => {
      const text = copied()
      if (text) paste(text)
    },
    selectAll: () => {
      const { nodes, notes = [] } = graphOf(get())
      get().select({ nodes: idsOf(nodes), notes: idsOf(notes) })
    },
    clear: () => {
      get().select({})
      get().show({ quickAdd: null, connecting: null })
      focusCanvas()
    },
    layout: () => {
      layoutOf(get()).then(
        (positions) => {
          get().perform(move(positions, { name: 'tidy up' }))
          fit()
        },
        (error: unknown) => {
          warn('The graph could not be laid out', error)
        },
      )
    },
    fit,
    zoom: (to: number) => void flow.zoomTo(to, glide(150)),
    zoomBy: (way: 'in' | 'out') => void (way === 'in' ? flow.zoomIn() : flow.zoomOut()),
    togglePalette: () => {
      get().show({ paletteOpen: !get().paletteOpen })
    },
    toggleOutline: () => {
      toggle('outline')
    },
    toggleProblems: () => {
      toggle('problems')
    },
    toParent: () => {
      walk(parentsOf)
    },
    toChild: () => {
      walk(childrenOf)
    },
    startConnecting: () => {
      get().show({ connecting: onlySelected(get()) })
    },
  }
}

/** A move of the view that takes its time, unless the person asked for less motion. */
export const glide = (ms: number) => ({
  duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms,
})

const idsOf = (things: readonly { id: string }[]) => new Set(things.map(({ id }) => id))

export function focusCanvas(): void {
  document.querySelector<HTMLElement>('.canvas')?.focus({ preventScroll: true })
}

/** Moves the focus into the inspector, once it shows what was selected. */
export function focusInspector(): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>('.inspector input, .inspector button')?.focus()
  })
}

/** Moves the focus to a node's card, as soon as it is on the page. */
export function focusNode(id: string): void {
  requestAnimationFrame(() => {
    document
      .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
      ?.focus({ preventScroll: true })
  })
}

const canvasBox = () => document.querySelector('.canvas')?.getBoundingClientRect()

/** Brings a card into view if it is not; leaves the viewport alone if it is. */
function reveal(flow: ReactFlowInstance, position: Position | undefined): void {
  const box = canvasBox()
  if (!box || !position) return
  const at = flow.flowToScreenPosition(position)
  const inside =
    at.x > box.left && at.x < box.right - 120 && at.y > box.top && at.y < box.bottom - 60
  const zoom = Math.max(0.6, flow.getZoom())
  if (!inside)
    void flow.setCenter(position.x + CARD_WIDTH / 2, position.y + 45, { zoom, ...glide(200) })
}
