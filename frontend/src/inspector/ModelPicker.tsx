import { Popover } from '@base-ui/react/popover'
import { ChevronDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useModels } from '@/api/queries'
import type { Model } from '@/api/types'
import type { ListItem } from '@/ui/SearchList'
import { SearchList } from '@/ui/SearchList'

interface ModelPickerProps {
  id?: string
  /** A model's id; empty for the default. */
  value: string
  onChange: (id: string) => void
  'aria-describedby'?: string
}

/** The models that can be chosen, the available ones first; any other id can be typed. */
export function ModelPicker({ id, value, onChange, ...aria }: ModelPickerProps) {
  const [open, setOpen] = useState(false)
  const { data } = useModels()
  const items = useMemo(() => itemsOf(data?.results ?? [], data?.default ?? null), [data])
  const chosen = data?.results.find((model) => model.id === value)
  const fallback = data?.results.find((model) => model.id === data.default)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger id={id} className="select" {...aria}>
        <span className="select__value">
          {value ? (chosen?.label ?? value) : <DefaultName name={fallback?.label} />}
        </span>
        <ChevronDown size={14} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="popup-layer" sideOffset={4} align="start">
          <Popover.Popup className="popup popup--list" aria-label="Models">
            <SearchList
              label="Model"
              placeholder="Search models, or type an id"
              items={items}
              autoFocus
              typed={typedItem}
              onEscape={() => {
                setOpen(false)
              }}
              onPick={(item) => {
                onChange(item.id)
                setOpen(false)
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

const DefaultName = ({ name }: { name: string | undefined }) => (
  <span className="muted">{name ? `Default: ${name}` : 'Default model'}</span>
)

const typedItem = (query: string): ListItem | null =>
  query.includes('/')
    ? { id: query, label: `Use “${query}”`, detail: 'A model that is not listed' }
    : null

function itemsOf(models: readonly Model[], standard: string | null): ListItem[] {
  const none: ListItem = {
    id: '',
    label: 'Default model',
    detail: standard ?? 'What the workspace uses',
    group: 'Default',
  }
  const offered = [...models].sort((a, b) => Number(b.available) - Number(a.available))
  return [none, ...offered.map(itemOf)]
}

const itemOf = (model: Model): ListItem => ({
  id: model.id,
  label: model.label,
  detail: model.note ?? (model.local ? 'On this machine, free' : model.id),
  group: model.available ? model.provider : 'Not set up',
  words: [model.id, model.provider],
  aside: <span className="muted tabular model-price">{priceOf(model)}</span>,
})

function priceOf({ price, local }: Model): string {
  if (price)
    return `$${String(price.input_usd_per_million)} / $${String(price.output_usd_per_million)}`
  return local ? 'free' : ''
}
