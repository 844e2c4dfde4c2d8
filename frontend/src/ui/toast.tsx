import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { messageOf } from '@/api/errors'
import { IconButton } from './Button'
import type { Tone } from './signs'

export const toasts = Toast.createToastManager()

export const say = (title: string, description?: string): string =>
  toasts.add({ title, description, type: 'ok' })

export const warn = (title: string, error?: unknown): string =>
  toasts.add({
    title,
    description: error === undefined ? undefined : messageOf(error),
    type: 'bad',
    priority: 'high',
    timeout: 8000,
  })

export function Toasts() {
  return (
    <Toast.Portal>
      <Toast.Viewport className="toasts">
        <ToastList />
      </Toast.Viewport>
    </Toast.Portal>
  )
}

function ToastList() {
  const { toasts: shown } = Toast.useToastManager()
  return shown.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" swipeDirection="right">
      <Toast.Content className="toast__body">
        <span className="dot" data-tone={(toast.type ?? 'ok') as Tone} />
        <div className="toast__text">
          <Toast.Title className="toast__title" />
          <Toast.Description className="toast__description" />
        </div>
        <Toast.Close render={<IconButton label="Dismiss" size="small" icon={<X size={14} />} />} />
      </Toast.Content>
    </Toast.Root>
  ))
}
