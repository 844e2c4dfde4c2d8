import { Plus, Trash2 } from 'lucide-react'
import type { InputField, InputType } from '@/graph/inputs'
import { Button, IconButton } from '@/ui/Button'
import { TextInput } from '@/ui/Field'
import { NameInput } from '@/ui/NameInput'
import { Select } from '@/ui/Select'
import { Switch } from '@/ui/Switch'

const TYPES: readonly { value: InputType; label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'long', label: 'Long text' },
  { value: 'number', label: 'Number' },
  { value: 'integer', label: 'Whole number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'choice', label: 'Choice' },
  { value: 'list', label: 'List' },
  { value: 'object', label: 'Object' },
]

/** Letters, digits and `_`, so that `input.name` reads it. */
const asName = (typed: string) => typed.replace(/\W/g, '_')

interface InputsEditorProps {
  fields: readonly InputField[]
  onChange: (fields: InputField[]) => void
}

/** The inputs of a workflow as rows: name, type, whether it is needed, what it is for. */
export function InputsEditor({ fields, onChange }: InputsEditorProps) {
  const set = (index: number, change: Partial<InputField>) => {
    onChange(fields.map((field, at) => (at === index ? { ...field, ...change } : field)))
  }
  return (
    <div className="items">
      <ul className="items__list" aria-label="Inputs">
        {fields.map((field, index) => (
          <li className="input-row" key={index}>
            <div className="row">
              <NameInput
                className="mono"
                aria-label="Name of the input"
                value={field.name}
                accepts={(name) =>
                  !fields.some((other) => other !== field && other.name === asName(name))
                }
                onChange={(name) => {
                  set(index, { name: asName(name) })
                }}
              />
              <Select
                aria-label={`Type of ${field.name}`}
                value={field.type}
                choices={TYPES}
                onChange={(type) => {
                  set(index, { type })
                }}
              />
              <IconButton
                label={`Remove ${field.name}`}
                size="small"
                icon={<Trash2 size={14} />}
                onClick={() => {
                  onChange(fields.filter((_, at) => at !== index))
                }}
              />
            </div>
            {field.type === 'choice' ? (
              <TextInput
                aria-label={`Choices of ${field.name}`}
                placeholder="Choices, separated by commas"
                defaultValue={field.choices.join(', ')}
                onBlur={(event) => {
                  set(index, {
                    choices: event.target.value
                      .split(',')
                      .map((each) => each.trim())
                      .filter(Boolean),
                  })
                }}
              />
            ) : null}
            <TextInput
              aria-label={`Description of ${field.name}`}
              placeholder="What it is for"
              value={field.description}
              onChange={(event) => {
                set(index, { description: event.target.value })
              }}
            />
            <label className="row input-row__need">
              <Switch
                aria-label={`${field.name} is required`}
                checked={field.required}
                onChange={(required) => {
                  set(index, { required })
                }}
              />
              Required
            </label>
          </li>
        ))}
      </ul>
      <Button
        size="small"
        variant="ghost"
        icon={<Plus size={14} />}
        onClick={() => {
          onChange([...fields, newField(fields)])
        }}
      >
        Add an input
      </Button>
    </div>
  )
}

function newField(fields: readonly InputField[]): InputField {
  const taken = new Set(fields.map(({ name }) => name))
  let n = 1
  while (taken.has(`input_${String(n)}`)) n += 1
  return { name: `input_${String(n)}`, type: 'text', required: false, description: '', choices: [] }
}
