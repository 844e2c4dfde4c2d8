import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import { Button } from './Button'

interface ConfirmProps {
  open: boolean
  onClose: () => void
  title: string
  /** The verb on the button that does it. */
  action: string
  /** The words on the button that does not. */
  keep?: string
  onConfirm: () => void
  busy?: boolean
  children: ReactNode
}

/** Asks before what cannot be undone. */
export function Confirm(props: ConfirmProps) {
  const { open, onClose, title, action, keep = 'Keep it', onConfirm, busy, children } = props
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog__title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="dialog__text">{children}</AlertDialog.Description>
          <div className="dialog__actions">
            <AlertDialog.Close render={<Button>{keep}</Button>} />
            <Button variant="danger" busy={busy ?? false} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
