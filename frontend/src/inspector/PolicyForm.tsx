import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { OnError, Policy } from '@/graph/document'
import { Field } from '@/ui/Field'
import { NumberInput } from '@/ui/NumberInput'
import { Select } from '@/ui/Select'
import { JsonField } from './schema/JsonField'

interface PolicyFormProps {
  policy: Policy
  onChange: (policy: Policy) => void
}

const CHOICES: readonly { value: OnError; label: string }[] = [
  { value: 'fail', label: 'Fail the run' },
  { value: 'continue', label: 'Go on with a default value' },
  { value: 'route', label: 'Go out by the error port' },
]

/** How often a node is tried, for how long, and what happens when it fails for good. */
export function PolicyForm({ policy, onChange }: PolicyFormProps) {
  const [open, setOpen] = useState(Object.keys(policy).length > 0)
  const onError = policy.on_error ?? 'fail'
  return (
    <section className="policy">
      <button
        type="button"
        className="form__fold"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open)
        }}
      >
        <ChevronRight size={14} /> When it fails
      </button>
      {open ? (
        <div className="form">
          <Field label="After the last attempt">
            {({ id }) => (
              <Select
                id={id}
                aria-label="After the last attempt"
                value={onError}
                choices={CHOICES}
                onChange={(on_error) => {
                  onChange({ ...policy, on_error })
                }}
              />
            )}
          </Field>
          {onError === 'continue' ? (
            <Field label="Default value">
              {({ id }) => (
                <JsonField
                  id={id}
                  label="Default value"
                  value={policy.default ?? undefined}
                  onChange={(value) => {
                    onChange({ ...policy, default: value ?? null })
                  }}
                />
              )}
            </Field>
          ) : null}
          <div className="form__pair">
            <Field label="Attempts" hint="1 to 20; 3 where nothing is set">
              {(ids) => (
                <NumberInput
                  {...ids}
                  integer
                  range={[1, 20]}
                  value={policy.max_attempts ?? null}
                  onChange={(max_attempts) => {
                    onChange({ ...policy, max_attempts })
                  }}
                />
              )}
            </Field>
            <Field label="Seconds an attempt" hint="Without waiting in line">
              {(ids) => (
                <NumberInput
                  {...ids}
                  range={[0.1, 86_400]}
                  value={policy.timeout_s ?? null}
                  onChange={(timeout_s) => {
                    onChange({ ...policy, timeout_s })
                  }}
                />
              )}
            </Field>
          </div>
        </div>
      ) : null}
    </section>
  )
}
