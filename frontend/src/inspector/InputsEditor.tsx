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
  /** What a row is called. */
  noun?: 'input' | 'field'
  fields: readonly InputField[]
  onChange: (fields: InputField[]) => void
}

/** Long text differs from text by its box alone, and only an input has a box. */
const choicesFor = (noun: string) =>
  noun === 'input' ? TYPES : TYPES.filter(({ value }) => value !== 'long')

/** The inputs of a workflow, or the fields of an answer, as rows: name, type, whether it is needed, what it is for. */
export function InputsEditor({ noun = 'input', fields, onChange }: InputsEditorProps) {
  const set = (index: number, change: Partial<InputField>) => {
    onChange(fields.map((field, at) => (at === index ? { ...field, ...change } : field)))
  }
  return (
    <div className="items">
      <ul className="items__list" aria-label={noun === 'input' ? 'Inputs' : 'Fields'}>
        {fields.map((field, index) => (
          <li className="input-row" key={index}>
            <div className="row">
              <NameInput
                className="mono"
                aria-label={`Name of the ${noun}`}
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
                choices={choicesFor(noun)}
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
          onChange([...fields, newField(fields, noun)])
        }}
      >
        {noun === 'input' ? 'Add an input' : 'Add a field'}
      </Button>
    </div>
  )
}

function newField(fields: readonly InputField[], noun: string): InputField {
  const taken = new Set(fields.map(({ name }) => name))
  let n = 1
  while (taken.has(`${noun}_${String(n)}`)) n += 1
  const name = `${noun}_${String(n)}`
  return { name, type: 'text', required: noun === 'field', description: '', choices: [] }
}
