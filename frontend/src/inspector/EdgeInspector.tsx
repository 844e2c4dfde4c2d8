import { ArrowRight, Trash2 } from 'lucide-react'
import { graphOf, useEditor, useEditorStore } from '@/canvas/editorStore'
import { useActions } from '@/canvas/useActions'
import { setEdge } from '@/graph/commands'
import { edgeId, labelOf, nodeOf, sourceOf } from '@/graph/document'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'
import { NumberInput } from '@/ui/NumberInput'
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
      <PanelHead title={edge.loop ? 'Loop' : 'Edge'} close={close} />
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
        {edge.loop ? (
          <Field
            label="Passes at most"
            hint="Counted from 1. When they are spent, what the edge carries leaves by the “exhausted” port; unwired, the run fails."
          >
            {(ids) => (
              <NumberInput
                {...ids}
                integer
                range={[1, 10_000]}
                value={edge.loop?.max_iterations ?? null}
                onChange={(passes) => {
                  const loop = passes === null ? {} : { max_iterations: passes }
                  store.getState().perform(setEdge(id, { loop }))
                }}
              />
            )}
          </Field>
        ) : null}
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
          {edge.loop ? 'Delete this loop' : 'Delete this edge'}
        </Button>
      </div>
    </div>
  )
}
