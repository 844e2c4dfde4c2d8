import { X } from 'lucide-react'
import { useMemo } from 'react'
import { IconButton } from '@/ui/Button'
import { SearchList } from '@/ui/SearchList'
import { useEditor, useEditorStore } from './editorStore'
import { placeables } from './nodeItems'
import { DRAG_TYPE, useDropNode } from './useDropNode'

/** Every node type and a note, to click or to drag onto the canvas. */
export function Palette() {
  const store = useEditorStore()
  const catalogue = useEditor((state) => state.catalogue)
  const items = useMemo(() => placeables(catalogue), [catalogue])
  const { add } = useDropNode()
  return (
    <aside className="palette panel" aria-label="Nodes to add">
      <div className="panel__head">
        <h2>Nodes</h2>
        <span className="spacer" />
        <IconButton
          label="Close the list of nodes"
          size="small"
          icon={<X size={15} />}
          onClick={() => {
            store.getState().show({ paletteOpen: false })
          }}
        />
      </div>
      <SearchList
        label="Search nodes"
        placeholder="Search"
        items={items}
        onEscape={() => {
          store.getState().show({ paletteOpen: false })
        }}
        onPick={({ what }) => {
          add(what)
          if (innerWidth <= 720) store.getState().show({ paletteOpen: false })
        }}
        onDragStart={({ id }, event) => {
          event.dataTransfer.setData(DRAG_TYPE, id)
          event.dataTransfer.effectAllowed = 'copy'
        }}
      />
    </aside>
  )
}
