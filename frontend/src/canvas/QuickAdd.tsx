import { useMemo } from 'react'
import { matchingPort } from '@/graph/connect'
import { SearchList } from '@/ui/SearchList'
import { useEditor, useEditorStore } from './editorStore'
import { freeSpot } from './freeSpot'
import { CARD_WIDTH } from './geometry'
import { nodeItems, placeables } from './nodeItems'
import { putNote } from './putNote'
import { focusCanvas } from './useActions'
import { putNode, wireType } from './useDropNode'

const SIZE = { width: 292, height: 372 }

/** Type-ahead at the pointer: every node type and a note, or those that fit the wire that was let go. */
export function QuickAdd() {
  const store = useEditorStore()
  const request = useEditor((state) => state.quickAdd)
  const items = useMemo(() => {
    const state = store.getState()
    if (!request?.wire) return placeables(state.catalogue)
    const { wire } = request
    const type = wireType(state, wire)
    return nodeItems(state.catalogue, (each) =>
      Boolean(matchingPort(each, type, wire.side === 'out' ? 'in' : 'out')),
    )
  }, [store, request])
  if (!request) return null

  const close = () => {
    store.getState().show({ quickAdd: null })
    focusCanvas()
  }
  const { screen, canvas, wire } = request
  return (
    <div
      className="quick-add"
      role="dialog"
      aria-label={wire ? 'Nodes that fit this wire' : 'Add a node'}
      key={`${String(screen.x)},${String(screen.y)}`}
      style={{
        left: Math.max(8, Math.min(screen.x, innerWidth - SIZE.width - 8)),
        top: Math.max(8, Math.min(screen.y, innerHeight - SIZE.height - 8)),
      }}
    >
      <SearchList
        label="Node type"
        placeholder={wire ? 'What comes next?' : 'Add a node…'}
        items={items}
        autoFocus
        none="No node type fits."
        onEscape={close}
        onPick={({ what }) => {
          if (what === 'note') {
            putNote(store, freeSpot(store.getState(), what, canvas))
            return
          }
          const at =
            wire?.side === 'in'
              ? { x: canvas.x - CARD_WIDTH, y: canvas.y - 23 }
              : { x: canvas.x, y: canvas.y - 23 }
          putNode(store, what, wire ? at : freeSpot(store.getState(), what, canvas), wire)
          focusCanvas()
        }}
      />
    </div>
  )
}
