import { ViewportPortal } from '@xyflow/react'
import { Layers, Repeat } from 'lucide-react'
import { memo } from 'react'
import type { Area } from './areas'
import { useFar } from './useFar'

/** The regions as soft areas behind their cards: a loop is one sheet, a split a pile of them. */
export const RegionAreas = memo(function RegionAreas({ areas }: { areas: readonly Area[] }) {
  const far = useFar()
  if (areas.length === 0) return null
  return (
    <ViewportPortal>
      {areas.map(({ region, label, x, y, width, height }) => (
        <div
          key={`${region.kind} ${region.opener}`}
          className="region"
          data-kind={region.kind}
          data-far={far}
          style={{ translate: `${String(x)}px ${String(y)}px`, width, height }}
        >
          <span className="region__label">
            {region.kind === 'loop' ? <Repeat /> : <Layers />}
            <span className="truncate">{label}</span>
          </span>
        </div>
      ))}
    </ViewportPortal>
  )
})
