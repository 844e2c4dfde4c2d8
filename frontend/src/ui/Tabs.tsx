import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

export interface Tab<Value extends string> {
  value: Value
  label: string
  count?: number
}

interface TabsProps<Value extends string> {
  label: string
  tabs: readonly Tab<Value>[]
  value: Value
  onChange: (value: Value) => void
  /** Stands beside the tabs. */
  aside?: ReactNode
  className?: string
  children: ReactNode
}

/** Tabs over one panel, which shows whatever the open tab stands for. */
export function Tabs<Value extends string>(props: TabsProps<Value>) {
  const { label, tabs, value, onChange, aside, className = '', children } = props
  return (
    <Base.Root
      className={`tabs ${className}`}
      value={value}
      onValueChange={(next) => {
        onChange(next as Value)
      }}
    >
      <div className="tabs__bar row">
        <Base.List className="tabs__list" aria-label={label}>
          {tabs.map((tab) => (
            <Base.Tab key={tab.value} value={tab.value} className="tabs__tab">
              {tab.label}
              {tab.count ? <span className="tabs__count tabular">{tab.count}</span> : null}
            </Base.Tab>
          ))}
        </Base.List>
        {aside}
      </div>
      <Base.Panel value={value} className="tabs__panel" tabIndex={-1}>
        {children}
      </Base.Panel>
    </Base.Root>
  )
}
