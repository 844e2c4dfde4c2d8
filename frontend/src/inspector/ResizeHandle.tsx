import type { KeyboardEvent, PointerEvent } from 'react'
import { NARROWEST, WIDEST } from './usePanelWidth'

interface ResizeHandleProps {
  width: number
  onChange: (width: number) => void
}

/** The inspector's left edge, to drag or to move with the arrow keys. */
export function ResizeHandle({ width, onChange }: ResizeHandleProps) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    onChange(innerWidth - event.clientX)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: 16, ArrowRight: -16 }[event.key]
    if (!step) return
    event.preventDefault()
    onChange(width + step)
  }
  return (
    <div
      className="resize"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the inspector"
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  )
}
