import { Pin, PinOff } from 'lucide-react'
import { useEditorStore } from '@/canvas/editorStore'
import { setPin } from '@/graph/commands'
import type { GraphNode } from '@/graph/document'
import type { Json } from '@/graph/json'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'
import { JsonField } from './schema/JsonField'

/** Makes the node give `output` from now on, without running, while the workflow is drafted. */
export function PinButton({ node, output }: { node: string; output: Json }) {
  const { perform } = useEditorStore().getState()
  return (
    <Button
      size="small"
      icon={<Pin size={13} />}
      onClick={() => {
        perform(setPin(node, { output }))
      }}
    >
      Pin this output
    </Button>
  )
}

/** What the node gives instead of running, to be changed or taken away. */
export function PinEditor({ node }: { node: GraphNode }) {
  const { perform } = useEditorStore().getState()
  if (!node.pin) return null
  return (
    <section className="pin">
      <Field
        label="Pinned output"
        hint="In runs of the draft the node gives this and does not run. A published version runs it."
        aside={
          <Button
            size="small"
            variant="ghost"
            icon={<PinOff size={13} />}
            onClick={() => {
              perform(setPin(node.id, null))
            }}
          >
            Unpin
          </Button>
        }
      >
        {({ id }) => (
          <JsonField
            id={id}
            label="Pinned output"
            value={node.pin?.output}
            onChange={(output) => {
              perform(setPin(node.id, { output: output ?? null }))
            }}
          />
        )}
      </Field>
    </section>
  )
}
