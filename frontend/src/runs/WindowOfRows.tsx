import { useVirtualizer } from '@tanstack/react-virtual'
import type { ReactNode } from 'react'
import { useRef } from 'react'

interface WindowOfRowsProps {
  count: number
  rowAt: (index: number) => ReactNode
  keyOf: (index: number) => string | number
}

const ROW_PX = 28

/** A long list of rows of one height, of which only those in sight are on the page. */
export function WindowOfRows({ count, rowAt, keyOf }: WindowOfRowsProps) {
  'use no memo' // The virtualizer changes in place.
  const frame = useRef<HTMLDivElement>(null)
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised
  const rows = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    getItemKey: keyOf,
    overscan: 12,
  })
  return (
    <div className="waterfall__window" ref={frame} tabIndex={0} role="group" aria-label="Steps">
      <ol
        aria-label="Steps of the run"
        className="waterfall__rows"
        style={{ height: rows.getTotalSize() }}
      >
        {rows.getVirtualItems().map(({ key, index, start }) => (
          <li
            key={key}
            aria-setsize={count}
            aria-posinset={index + 1}
            style={{ translate: `0 ${String(start)}px` }}
          >
            {rowAt(index)}
          </li>
        ))}
      </ol>
    </div>
  )
}
