import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '@/ui/Button'

interface PanelHeadProps {
  title: ReactNode
  icon?: ReactNode
  actions?: ReactNode
  close: () => void
}

export function PanelHead({ title, icon, actions, close }: PanelHeadProps) {
  return (
    <div className="panel__head">
      {icon}
      {typeof title === 'string' ? <h2 className="truncate">{title}</h2> : title}
      <span className="spacer" />
      {actions}
      <IconButton label="Close the inspector" size="small" icon={<X size={15} />} onClick={close} />
    </div>
  )
}
