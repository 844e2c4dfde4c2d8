import { Popover } from '@base-ui/react/popover'
import { ArrowUpRight, ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useWorkflows } from '@/api/queries'
import type { WorkflowSummary } from '@/api/types'
import { ago } from '@/ui/format'
import type { ListItem } from '@/ui/SearchList'
import { SearchList } from '@/ui/SearchList'

interface WorkflowPickerProps {
  id?: string
  /** A workflow's slug; empty for none yet. */
  value: string
  onChange: (slug: string) => void
  'aria-describedby'?: string
}

/** The workflows that are published, and so can be run within another; any other slug can be typed. */
export function WorkflowPicker({ id, value, onChange, ...aria }: WorkflowPickerProps) {
  const [open, setOpen] = useState(false)
  const { data } = useWorkflows()
  const all = data?.pages.flatMap((page) => page.results) ?? []
  const chosen = all.find(({ slug }) => slug === value)
  return (
    <div className="row">
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger id={id} className="select" {...aria}>
          <span className="select__value">
            {value ? (chosen?.name ?? value) : <span className="muted">Choose a workflow</span>}
          </span>
          <ChevronDown size={14} />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className="popup-layer" sideOffset={4} align="start">
            <Popover.Popup className="popup popup--list" aria-label="Published workflows">
              <SearchList
                label="Workflow"
                placeholder="Search, or type a short name"
                items={all.filter((each) => each.published_version !== null).map(itemOf)}
                autoFocus
                none="No workflow is published yet."
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
      {chosen ? (
        <Link
          className="button button--icon"
          data-variant="ghost"
          data-size="medium"
          to={`/workflows/${chosen.id}`}
          aria-label={`Open ${chosen.name}`}
          title={`Open ${chosen.name}`}
        >
          <ArrowUpRight size={15} />
        </Link>
      ) : null}
    </div>
  )
}

const itemOf = ({
  slug,
  name,
  published_version: version,
  updated_at,
}: WorkflowSummary): ListItem => ({
  id: slug,
  label: name,
  detail: `${slug}, v${String(version)}`,
  words: [slug],
  aside: <span className="muted model-price">{ago(updated_at)}</span>,
})

const typedItem = (query: string): ListItem | null =>
  /^[\w-]+$/.test(query)
    ? { id: query, label: `Use “${query}”`, detail: 'A workflow that is not listed' }
    : null
