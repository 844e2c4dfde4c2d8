import { ArrowRight, Trash2 } from 'lucide-react'
import { graphOf, useEditor, useEditorStore } from '@/canvas/editorStore'
import { useActions } from '@/canvas/useActions'
import { setEdge } from '@/graph/commands'
import { edgeId, labelOf, nodeOf, sourceOf } from '@/graph/document'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'
import { Switch } from '@/ui/Switch'
import { PanelHead } from './PanelHead'

export function EdgeInspector({ id, close }: { id: string; close: () => void }) {
  const store = useEditorStore()
  const graph = useEditor(graphOf)
  const actions = useActions()
  const edge = graph.edges.find((each) => edgeId(each) === id)
  if (!edge) return null
  const nameOf = (node: string) => {
    const found = nodeOf(graph, node)
    return found ? labelOf(found) : node
  }
  return (
    <div className="inspector__body">
      <PanelHead title="Edge" close={close} />
      <div className="inspector__scroll">
        <div className="edge-ends">
          <button
            type="button"
            onClick={() => {
              actions.goTo(edge.source)
            }}
          >
            {nameOf(edge.source)}
          </button>
          <span className="muted">{sourceOf(edge).port === 'out' ? '' : sourceOf(edge).port}</span>
          <ArrowRight size={14} />
          <button
            type="button"
            onClick={() => {
              actions.goTo(edge.target)
            }}
          >
            {nameOf(edge.target)}
          </button>
        </div>
        <Field
          label="Give its output to the prompt"
          hint="An agent’s prompt gets what its parents gave, each under its own title. Switched off, the wire only says what comes first."
          aside={
            <Switch
              aria-label="Give its output to the prompt"
              checked={edge.context ?? true}
              onChange={(context) => {
                store.getState().perform(setEdge(id, { context }))
              }}
            />
          }
        >
          {() => null}
        </Field>
        <Button icon={<Trash2 size={14} />} onClick={actions.removeSelected}>
          Delete this edge
        </Button>
      </div>
    </div>
  )
}
