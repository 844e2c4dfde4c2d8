import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { messageOf } from '@/api/errors'
import { Button } from './Button'

interface EmptyStateProps {
  icon: ReactNode
  title: string
  children: ReactNode
  actions?: ReactNode
}

export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="empty">
      <div className="empty__icon">{icon}</div>
      <h2 className="empty__title">{title}</h2>
      <div className="empty__text">{children}</div>
      {actions ? <div className="empty__actions">{actions}</div> : null}
    </div>
  )
}

interface ErrorStateProps {
  title: string
  error: unknown
  retry?: () => void
  /** Another way on, beside trying again. */
  way?: ReactNode
}

export function ErrorState({ title, error, retry, way }: ErrorStateProps) {
  return (
    <div role="alert">
      <EmptyState
        icon={<CircleAlert size={18} />}
        title={title}
        actions={
          <>
            {retry ? <Button onClick={retry}>Try again</Button> : null}
            {way}
          </>
        }
      >
        {messageOf(error)}
      </EmptyState>
    </div>
  )
}
