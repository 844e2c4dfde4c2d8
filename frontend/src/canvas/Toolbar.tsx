import { useReactFlow, useStore } from '@xyflow/react'
import {
  ListTree,
  Maximize,
  Minus,
  Plus,
  Redo2,
  SquarePlus,
  Undo2,
  WandSparkles,
} from 'lucide-react'
import { IconButton } from '@/ui/Button'
import { Tip } from '@/ui/Tip'
import { useEditor } from './editorStore'
import { glide, useActions } from './useActions'

export function Toolbar() {
  const past = useEditor((state) => state.history.past.at(-1))
  const future = useEditor((state) => state.history.future[0])
  const outline = useEditor((state) => state.dock === 'outline')
  const palette = useEditor((state) => state.paletteOpen)
  const actions = useActions()
  const zoom = useStore((state) => state.transform[2])
  const { zoomIn, zoomOut, zoomTo } = useReactFlow()
  return (
    <div className="toolbar" role="toolbar" aria-label="Canvas tools">
      <IconButton
        label="Nodes to add"
        keys="/"
        aria-pressed={palette}
        icon={<SquarePlus size={16} />}
        onClick={actions.togglePalette}
      />
      <span className="toolbar__line" />
      <IconButton
        label={past ? `Undo: ${past.name}` : 'Undo'}
        keys="Mod+Z"
        icon={<Undo2 size={16} />}
        disabled={!past}
        onClick={actions.undo}
      />
      <IconButton
        label={future ? `Redo: ${future.name}` : 'Redo'}
        keys="Mod+Shift+Z"
        icon={<Redo2 size={16} />}
        disabled={!future}
        onClick={actions.redo}
      />
      <IconButton
        label="Tidy up"
        keys="L"
        icon={<WandSparkles size={16} />}
        onClick={actions.layout}
      />
      <IconButton
        label="Outline"
        keys="O"
        aria-pressed={outline}
        icon={<ListTree size={16} />}
        onClick={actions.toggleOutline}
      />
      <span className="toolbar__line toolbar__wide" />
      <span className="row toolbar__wide">
        <IconButton
          label="Zoom out"
          keys="-"
          icon={<Minus size={16} />}
          onClick={() => void zoomOut()}
        />
        <Tip text="Back to 100%" keys="0">
          <button
            type="button"
            className="toolbar__zoom tabular"
            onClick={() => void zoomTo(1, glide(150))}
          >
            {Math.round(zoom * 100)}%
          </button>
        </Tip>
        <IconButton
          label="Zoom in"
          keys="+"
          icon={<Plus size={16} />}
          onClick={() => void zoomIn()}
        />
      </span>
      <IconButton
        label="Fit to view"
        keys="1"
        icon={<Maximize size={16} />}
        onClick={actions.fit}
      />
    </div>
  )
}
