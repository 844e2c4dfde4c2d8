import { CornerDownRight } from 'lucide-react'
import { useMemo } from 'react'
import type { LiveSnapshot } from '@/live/store'
import { cost, count, duration, tokensOf } from '@/ui/format'
import { StatusDot, statusWord } from '@/ui/signs'
import type { Timeline, TimelineRow } from './timeline'
import { callId, timelineOf } from './timeline'
import { useNow } from './useNow'

interface WaterfallProps {
  snapshot: LiveSnapshot
  /** What a step is called; its key where nothing is known of its node. */
  nameOf: (node: string) => string
  selected: string | null
  onSelect: (step: string, call: string | null) => void
}

/** When each step and each of its calls ran, how often it was tried, and what it used. */
export function Waterfall({ snapshot, nameOf, selected, onSelect }: WaterfallProps) {
  const running = snapshot.run.startedAt !== null && snapshot.run.endedAt === null
  const now = useNow(running)
  const timeline = useMemo(() => timelineOf(snapshot, now), [snapshot, now])
  return (
    <div className="waterfall">
      <Scale timeline={timeline} />
      <ol aria-label="Steps of the run" className="waterfall__rows">
        {timeline.rows.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              className="waterfall__row"
              data-kind={row.kind}
              aria-current={row.id === selected}
              onClick={() => {
                onSelect(row.step.key, row.call && callId(row.call))
              }}
            >
              <RowName row={row} name={nameOf(row.step.node)} />
              <Bars row={row} timeline={timeline} />
              <Figures row={row} />
            </button>
          </li>
        ))}
      </ol>
    </div>
  )
}

function Scale({ timeline }: { timeline: Timeline }) {
  return (
    <div className="waterfall__row waterfall__scale" aria-hidden="true">
      <span />
      <span className="waterfall__track">
        {timeline.ticks.map((tick) => (
          <span
            key={tick}
            className="waterfall__tick tabular"
            style={{ left: percent(tick / timeline.totalMs) }}
          >
            {duration(tick)}
          </span>
        ))}
      </span>
      <span className="waterfall__figures" />
    </div>
  )
}

function RowName({ row, name }: { row: TimelineRow; name: string }) {
  if (row.kind === 'call') {
    return (
      <span className="waterfall__name muted">
        <CornerDownRight size={12} />
        <span className="truncate">{row.name}</span>
      </span>
    )
  }
  return (
    <span className="waterfall__name">
      <StatusDot status={row.step.status} />
      <span className="truncate">{name}</span>
      <span className="visually-hidden">{statusWord(row.step.status)}</span>
    </span>
  )
}

function Bars({ row, timeline }: { row: TimelineRow; timeline: Timeline }) {
  return (
    <span className="waterfall__track">
      {timeline.ticks.map((tick) => (
        <span
          key={tick}
          className="waterfall__line"
          style={{ left: percent(tick / timeline.totalMs) }}
        />
      ))}
      {row.bars.map((bar, index) => (
        <span
          key={index}
          className="waterfall__bar"
          data-tone={bar.tone}
          title={bar.title}
          style={{ left: percent(bar.from), width: percent(bar.width) }}
        />
      ))}
    </span>
  )
}

function Figures({ row }: { row: TimelineRow }) {
  const usage = row.call ? row.call.usage : row.step.usage
  const tokens = tokensOf(usage)
  const skipped = row.step.status === 'skipped'
  return (
    <span className="waterfall__figures tabular">
      <span className="waterfall__tokens">{tokens ? `${count(tokens)} tok` : ''}</span>
      <span className="waterfall__cost">{cost(usage?.cost_usd)}</span>
      <span className="waterfall__time">{skipped ? 'skipped' : duration(row.durationMs)}</span>
    </span>
  )
}

const percent = (share: number) => `${(share * 100).toFixed(3)}%`
