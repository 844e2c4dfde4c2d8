import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Json } from '@/graph/json'
import { isObject, omit } from '@/graph/json'
import type { Problem } from '@/graph/problems'
import { atField } from '@/graph/problems'
import type { Schema } from '@/graph/schema'
import { resolve, titleOf } from '@/graph/schema'
import { Button, IconButton } from '@/ui/Button'
import { TextInput } from '@/ui/Field'
import { NameInput } from '@/ui/NameInput'
import { SchemaField } from './SchemaField'

interface ItemProps {
  label: string
  onRemove: () => void
  children: ReactNode
}

function Item({ label, onRemove, children }: ItemProps) {
  return (
    <li className="items__item">
      <div className="items__fields">{children}</div>
      <IconButton
        label={`Remove ${label}`}
        size="small"
        icon={<X size={14} />}
        onClick={onRemove}
      />
    </li>
  )
}

function Items({
  label,
  onAdd,
  children,
}: {
  label: string
  onAdd: () => void
  children: ReactNode
}) {
  return (
    <div className="items">
      <ul className="items__list" aria-label={label}>
        {children}
      </ul>
      <Button size="small" variant="ghost" icon={<Plus size={14} />} onClick={onAdd}>
        Add
      </Button>
    </div>
  )
}

const without = <T,>(list: readonly T[], index: number) => list.filter((_, at) => at !== index)
const replaced = <T,>(list: readonly T[], index: number, item: T) =>
  list.map((each, at) => (at === index ? item : each))

interface StringsFieldProps {
  label: string
  value: string[]
  onChange: (value: Json | undefined) => void
}

export function StringsField({ label, value, onChange }: StringsFieldProps) {
  const set = (next: string[]) => {
    onChange(next.length > 0 ? next : undefined)
  }
  return (
    <Items
      label={label}
      onAdd={() => {
        onChange([...value, ''])
      }}
    >
      {value.map((text, index) => (
        <Item
          key={index}
          label={text || `line ${String(index + 1)}`}
          onRemove={() => {
            set(without(value, index))
          }}
        >
          <TextInput
            aria-label={`${label} ${String(index + 1)}`}
            value={text}
            onChange={(event) => {
              set(replaced(value, index, event.target.value))
            }}
          />
        </Item>
      ))}
    </Items>
  )
}

interface RowsFieldProps {
  label: string
  items: Schema
  root: Schema
  value: Json[]
  problems: readonly Problem[]
  onChange: (value: Json | undefined) => void
}

/** A list of objects: each row has the fields of the item's schema. */
export function RowsField({ label, items, root, value, problems, onChange }: RowsFieldProps) {
  const schema = resolve(items, root)
  const entries = Object.entries(schema.properties ?? {})
  const set = (next: Json[]) => {
    onChange(next.length > 0 ? next : undefined)
  }
  return (
    <Items
      label={label}
      onAdd={() => {
        set([...value, {}])
      }}
    >
      {value.map((item, index) => {
        const row = isObject(item) ? (item as Record<string, Json>) : {}
        const trouble = problems.filter(
          ({ field }) =>
            field?.includes(`.${String(index)}.`) ?? field?.includes(`[${String(index)}]`),
        )
        return (
          <Item
            key={index}
            label={`row ${String(index + 1)}`}
            onRemove={() => {
              set(without(value, index))
            }}
          >
            {entries.map(([name, field]) => (
              <SchemaField
                key={name}
                name={name}
                label={`${titleOf(name, field)}`}
                schema={field}
                root={root}
                value={row[name]}
                problems={atField(
                  trouble.map(({ field: path, ...rest }) => ({
                    ...rest,
                    field: path?.split('.').at(-1) ?? null,
                  })),
                  name,
                )}
                onChange={(next) => {
                  set(
                    replaced(
                      value,
                      index,
                      next === undefined ? omit(row, name) : { ...row, [name]: next },
                    ),
                  )
                }}
              />
            ))}
          </Item>
        )
      })}
    </Items>
  )
}

interface MapFieldProps {
  label: string
  item: Schema
  root: Schema
  value: Record<string, Json>
  onChange: (value: Json | undefined) => void
}

/** An object with names of one's own: a name beside each value, in the order in which they were added. */
export function MapField({ label, item, root, value, onChange }: MapFieldProps) {
  const entries = Object.entries(value)
  const set = (next: [string, Json][]) => {
    onChange(next.length > 0 ? Object.fromEntries(next) : undefined)
  }
  return (
    <Items
      label={label}
      onAdd={() => {
        set([...entries, [freshName(value), '']])
      }}
    >
      {entries.map(([name, each], index) => (
        <Item
          key={index}
          label={name}
          onRemove={() => {
            set(without(entries, index))
          }}
        >
          <div className="items__pair">
            <NameInput
              aria-label={`Name ${String(index + 1)} of ${label}`}
              className="mono"
              value={name}
              accepts={(next) => next === name || !(next in value)}
              onChange={(next) => {
                set(replaced(entries, index, [next, each]))
              }}
            />
            <SchemaField
              name={name}
              label={name}
              schema={item}
              root={root}
              value={each}
              onChange={(next) => {
                set(replaced(entries, index, [name, next ?? '']))
              }}
            />
          </div>
        </Item>
      ))}
    </Items>
  )
}

function freshName(value: Record<string, Json>): string {
  let n = 1
  while (`field_${String(n)}` in value) n += 1
  return `field_${String(n)}`
}
