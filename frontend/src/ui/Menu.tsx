import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import { Keys } from './signs'

export interface MenuItem {
  label: string
  icon?: ReactNode
  keys?: string
  danger?: boolean
  disabled?: boolean
  onSelect: () => void
}

interface MenuProps {
  trigger: ReactElement<Record<string, unknown>>
  items: readonly (MenuItem | 'line')[]
}

export function Menu({ trigger, items }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="popup-layer" sideOffset={4} align="end">
          <Base.Popup className="popup">
            {items.map((item, index) =>
              item === 'line' ? (
                <Base.Separator key={`line-${String(index)}`} className="menu-line" />
              ) : (
                <Base.Item
                  key={item.label}
                  className="option"
                  data-danger={item.danger ?? false}
                  disabled={item.disabled ?? false}
                  onClick={item.onSelect}
                >
                  {item.icon}
                  <span className="option__text">{item.label}</span>
                  {item.keys ? <Keys keys={item.keys} /> : null}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
