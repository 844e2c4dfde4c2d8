import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import { Keys } from './signs'

interface TipProps {
  text: string
  keys?: string
  children: ReactElement<Record<string, unknown>>
}

/** A hint for pointer and focus; the child needs its accessible name all the same. */
export function Tip({ text, keys, children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="popup-layer">
          <Tooltip.Popup className="tooltip">
            {text}
            {keys ? <Keys keys={keys} /> : null}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
