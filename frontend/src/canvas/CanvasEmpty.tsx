import { Plus, Workflow } from 'lucide-react'
import { Button } from '@/ui/Button'
import { Keys } from '@/ui/signs'
import { EmptyState } from '@/ui/states'

export function CanvasEmpty({ onAdd }: { onAdd: () => void }) {
  return (
    <div className="canvas__empty">
      <EmptyState
        icon={<Workflow size={18} />}
        title="What should this workflow do?"
        actions={
          <Button variant="primary" size="large" icon={<Plus size={15} />} onClick={onAdd}>
            Add the first node
          </Button>
        }
      >
        Double-click anywhere, or press <Keys keys="/" /> and type what you need.
      </EmptyState>
    </div>
  )
}
