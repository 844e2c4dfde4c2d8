import { useDeferredValue, useMemo, useState } from 'react'
import type { Regions } from '@/graph/regions'
import { NO_REGIONS } from '@/graph/regions'
import type { LiveSnapshot } from '@/live/store'
import { duration } from '@/ui/format'
import { percent } from './percent'
import { rowsOf, toSelected, treeOf } from './rows'
import type { Scale as Times } from './timeline'
import { scaleOf } from './timeline'
import { useNow } from './useNow'
import { WaterfallRow } from './WaterfallRow'
import { WindowOfRows } from './WindowOfRows'

export interface WaterfallProps {
  snapshot: LiveSnapshot
  /** Where the graph repeats, so that steps stand below their pass or item. */
  regions?: Regions
  /** What a step is called; its key where nothing is known of its node. */
  nameOf: (node: string) => string
  selected: string | null
  onSelect: (step: string, call: string | null) => void
}

/** From here on, rows out of sight are left out of the page. */
const MANY = 150

/** When each step and each of its calls ran, how often it was tried, and what it used. */
export function Waterfall(props: WaterfallProps) {
  const { snapshot, regions = NO_REGIONS, nameOf, selected, onSelect } = props
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map())
  const running = snapshot.run.startedAt !== null && snapshot.run.endedAt === null
  const now = useNow(running)
  const scale = useMemo(() => scaleOf(snapshot, now), [snapshot, now])
  const steps = useDeferredValue(snapshot.steps)
  const tree = useMemo(() => treeOf(steps, regions), [steps, regions])
  const rows = useMemo(() => {
    const step = selected?.split('#')[0] ?? null
    return rowsOf(tree, { chosen, toSelected: toSelected(step, regions) })
  }, [tree, chosen, selected, regions])
  const rowAt = (index: number) => {
    const row = rows[index]
    return row ? (
      <WaterfallRow
        row={row}
        scale={scale}
        nameOf={nameOf}
        selected={selected === row.id}
        onSelect={onSelect}
        onToggle={() => {
          setChosen(new Map(chosen).set(row.id, !row.open))
        }}
      />
    ) : null
  }
  const many = rows.length > MANY
  return (
    <div className="waterfall" data-many={many}>
      <Scale scale={scale} />
      {many ? (
        <WindowOfRows
          count={rows.length}
          rowAt={rowAt}
          keyOf={(index) => rows[index]?.id ?? index}
        />
      ) : (
        <ol aria-label="Steps of the run" className="waterfall__rows">
          {rows.map((row, index) => (
            <li key={row.id}>{rowAt(index)}</li>
          ))}
        </ol>
      )}
    </div>
  )
}

function Scale({ scale }: { scale: Times }) {
  return (
    <div className="waterfall__row waterfall__scale" aria-hidden="true">
      <span />
      <span className="waterfall__track">
        {scale.ticks.map((tick) => (
          <span
            key={tick}
            className="waterfall__tick tabular"
            style={{ left: percent(tick / scale.totalMs) }}
          >
            {duration(tick)}
          </span>
        ))}
      </span>
      <span className="waterfall__figures" />
    </div>
  )
}
