import { Search } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { rank } from './match'

export interface ListItem {
  id: string
  label: string
  detail?: string
  group?: string
  icon?: ReactNode
  aside?: ReactNode
  /** More words by which it may be found. */
  words?: string[]
  disabled?: boolean
  /** What else is to be known of it, in its tooltip. */
  hint?: string
}

interface SearchListProps<Item extends ListItem> {
  label: string
  placeholder: string
  items: readonly Item[]
  onPick: (item: Item) => void
  onEscape?: () => void
  autoFocus?: boolean
  none?: string
  /** An item made of what was typed, offered after all others. */
  typed?: (query: string) => Item | null
  /** Lets options be dragged out of the list. */
  onDragStart?: (item: Item, event: React.DragEvent) => void
}

/** A box to type in over a list to pick from: arrows move, Enter picks, the best match is first. */
export function SearchList<Item extends ListItem>(props: SearchListProps<Item>) {
  const { label, placeholder, items, onPick, onEscape, autoFocus, none, typed, onDragStart } = props
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLInputElement>(null)
  const found = useMemo(() => {
    const ranked = rank(items, query, (item) => [
      item.label,
      item.detail ?? '',
      ...(item.words ?? []),
    ])
    const made = query.trim() ? typed?.(query.trim()) : null
    return made ? [...ranked, made] : ranked
  }, [items, query, typed])
  const index = Math.min(active, found.length - 1)

  useEffect(() => {
    // Not the autofocus attribute: it scrolls the page towards a popup that is still being placed.
    if (autoFocus) box.current?.focus({ preventScroll: true })
  }, [autoFocus])
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [index])

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const picked = found[index]
    if (step && found.length > 0) {
      event.preventDefault()
      setActive((index + step + found.length) % found.length)
    } else if (event.key === 'Enter' && picked) {
      event.preventDefault()
      if (!picked.disabled) onPick(picked)
    } else if (event.key === 'Escape' && onEscape) {
      event.stopPropagation()
      onEscape()
    }
  }

  return (
    <div className="search-list" onKeyDown={onKeyDown}>
      <div className="search-list__box">
        <Search size={14} />
        <input
          ref={box}
          className="search-list__input"
          role="combobox"
          aria-expanded="true"
          aria-label={label}
          aria-controls={listId}
          aria-activedescendant={found[index] ? `${listId}-${String(index)}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
          }}
        />
      </div>
      <div
        className="search-list__options"
        role="listbox"
        id={listId}
        aria-label={label}
        ref={list}
      >
        {found.map((item, at) => (
          <div key={item.id} role="presentation">
            {query === '' && item.group && item.group !== found[at - 1]?.group ? (
              <div className="search-list__group" role="presentation">
                {item.group}
              </div>
            ) : null}
            <div
              id={`${listId}-${String(at)}`}
              role="option"
              aria-selected={at === index}
              aria-disabled={item.disabled}
              className="option"
              title={item.hint}
              draggable={onDragStart !== undefined}
              onDragStart={(event) => onDragStart?.(item, event)}
              onPointerMove={() => {
                setActive(at)
              }}
              onClick={() => {
                if (!item.disabled) onPick(item)
              }}
            >
              {item.icon}
              <div className="option__text">
                <div className="truncate">{item.label}</div>
                {item.detail ? <div className="option__detail truncate">{item.detail}</div> : null}
              </div>
              {item.aside}
            </div>
          </div>
        ))}
        {found.length === 0 ? (
          <p className="search-list__none">{none ?? `Nothing is called “${query}”.`}</p>
        ) : null}
      </div>
    </div>
  )
}
