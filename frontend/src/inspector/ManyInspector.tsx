import { Copy, Trash2 } from 'lucide-react'
import { useActions } from '@/canvas/useActions'
import { Button } from '@/ui/Button'
import { PanelHead } from './PanelHead'

export function ManyInspector({ count, close }: { count: number; close: () => void }) {
  const actions = useActions()
  return (
    <div className="inspector__body">
      <PanelHead title={`${String(count)} nodes`} close={close} />
      <div className="inspector__scroll">
        <p className="inspector__note">
          Drag one and they all move. Copied, they can be pasted into another workflow too.
        </p>
        <div className="row">
          <Button icon={<Copy size={14} />} onClick={actions.duplicate}>
            Duplicate
          </Button>
          <Button icon={<Trash2 size={14} />} onClick={actions.removeSelected}>
            Delete
          </Button>
        </div>
      </div>
    </div>
  )
}
