import { graphOf, useEditor, useEditorStore } from '@/canvas/editorStore'
import { setInputs, setSettings } from '@/graph/commands'
import type { GraphSettings } from '@/graph/document'
import { fieldsOf, schemaOf } from '@/graph/inputs'
import { Field } from '@/ui/Field'
import { NumberInput } from '@/ui/NumberInput'
import { InputsEditor } from './InputsEditor'
import { ModelPicker } from './ModelPicker'
import { PanelHead } from './PanelHead'

/** What is set for the workflow as a whole; shown while nothing is selected. */
export function WorkflowInspector({ close }: { close: () => void }) {
  const store = useEditorStore()
  const graph = useEditor(graphOf)
  const settings = graph.settings ?? {}
  const { perform } = store.getState()
  const set = (change: GraphSettings) => {
    perform(setSettings({ ...settings, ...change }))
  }
  return (
    <div className="inspector__body">
      <PanelHead title="Workflow" close={close} />
      <div className="inspector__scroll">
        <section className="inspector__section">
          <h3>Inputs</h3>
          <p className="inspector__note">
            What a run asks for. Prompts read them as <code>{'{{ input.name }}'}</code>.
          </p>
          <InputsEditor
            fields={fieldsOf(graph.inputs)}
            onChange={(fields) => {
              perform(setInputs(schemaOf(fields, graph.inputs)))
            }}
          />
        </section>
        <section className="inspector__section">
          <h3>Settings</h3>
          <div className="form">
            <Field label="Default model" hint="For every node that names none.">
              {(ids) => (
                <ModelPicker
                  {...ids}
                  value={settings.default_model ?? ''}
                  onChange={(model) => {
                    set({ default_model: model || null })
                  }}
                />
              )}
            </Field>
            <div className="form__pair">
              <Field label="Seconds a run" hint="Then it fails">
                {(ids) => (
                  <NumberInput
                    {...ids}
                    range={[0.1, 604_800]}
                    value={settings.timeout_s ?? null}
                    onChange={(timeout_s) => {
                      set({ timeout_s })
                    }}
                  />
                )}
              </Field>
              <Field label="Steps at once" hint="Within one run">
                {(ids) => (
                  <NumberInput
                    {...ids}
                    integer
                    range={[1, 10_000]}
                    value={settings.max_concurrency ?? null}
                    onChange={(max_concurrency) => {
                      set({ max_concurrency })
                    }}
                  />
                )}
              </Field>
            </div>
          </div>
        </section>
      </div>
    </div>
  )
}
