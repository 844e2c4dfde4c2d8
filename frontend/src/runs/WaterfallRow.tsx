import { ChevronRight, CornerDownRight } from 'lucide-react'
import { cost, count, duration, tokensOf } from '@/ui/format'
import { StatusDot, statusWord } from '@/ui/signs'
import { percent } from './percent'
import type { Row } from './rows'
import { callId } from './rows'
import type { Scale } from './timeline'
import { barsOf, durationOf } from './timeline'

interface WaterfallRowProps {
  row: Row
  scale: Scale
  nameOf: (node: string) => string
  selected: boolean
  onSelect: (step: string, call: string | null) => void
  onToggle: () => void
}

export function WaterfallRow(props: WaterfallRowProps) {
  const { row, scale, nameOf, selected, onSelect, onToggle } = props
  const isGroup = row.kind === 'group'
  const name = isGroup ? '' : nameOf(row.step.node)
  return (
    <>
      {row.open === null || isGroup ? null : (
        <button
          type="button"
          className="waterfall__toggle"
          aria-expanded={row.open}
          aria-label={`Steps within ${name}`}
          style={{ left: indent(row) - 3 }}
          onClick={onToggle}
        >
          <ChevronRight size={14} />
        </button>
      )}
      <button
        type="button"
        className="waterfall__row"
        data-kind={row.kind}
        {...(isGroup ? { 'aria-expanded': row.open ?? false } : { 'aria-current': selected })}
        onClick={() => {
          if (isGroup) onToggle()
          else onSelect(row.step.key, row.kind === 'call' ? callId(row.call) : null)
        }}
      >
        <RowName row={row} name={name} nameOf={nameOf} />
        <Bars row={row} scale={scale} />
        <Figures row={row} scale={scale} />
      </button>
    </>
  )
}

const STEP_IN = 15
const indent = ({ depth }: Row) => 8 + depth * STEP_IN

/** Room for the arrow of what opens, and so that what is below it stands further in. */
const besideToggle = ({ kind, depth, open }: Row) =>
  open !== null || depth > (kind === 'call' ? 1 : 0) ? STEP_IN : 0

type RowNameProps = Pick<WaterfallRowProps, 'row' | 'nameOf'> & { name: string }

function RowName({ row, name, nameOf }: RowNameProps) {
  const style = { paddingLeft: row.depth * STEP_IN + besideToggle(row) }
  switch (row.kind) {
    case 'call':
      return (
        <span className="waterfall__name muted" style={style}>
          <CornerDownRight size={12} />
          <span className="truncate">{row.call.name || row.call.kind}</span>
        </span>
      )
    case 'group':
      return (
        <span className="waterfall__name" style={{ paddingLeft: row.depth * STEP_IN - 3 }}>
          <ChevronRight size={14} />
          <span className="truncate">{row.label}</span>
          {row.opener ? <span className="muted truncate">{nameOf(row.opener)}</span> : null}
        </span>
      )
    case 'step':
      return (
        <span className="waterfall__name" style={style}>
          <StatusDot status={row.step.status} />
          <span className="truncate">{name}</span>
          <span className="visually-hidden">{statusWord(row.step.status)}</span>
        </span>
      )
  }
}

function Bars({ row, scale }: { row: Row; scale: Scale }) {
  return (
    <span className="waterfall__track">
      {scale.ticks.map((tick) => (
        <span
          key={tick}
          className="waterfall__line"
          style={{ left: percent(tick / scale.totalMs) }}
        />
      ))}
      {barsOf(row, scale).map((bar, index) => (
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

function Figures({ row, scale }: { row: Row; scale: Scale }) {
  const usage = row.kind === 'call' ? row.call.usage : row.kind === 'step' ? row.step.usage : null
  const tokens = tokensOf(usage)
  const skipped = row.kind === 'step' && row.step.status === 'skipped'
  return (
    <span className="waterfall__figures tabular">
      <span className="waterfall__tokens">{tokens ? `${count(tokens)} tok` : countsOf(row)}</span>
      <span className="waterfall__cost">{cost(usage?.cost_usd)}</span>
      <span className="waterfall__time">
        {skipped ? 'skipped' : duration(durationOf(row, scale))}
      </span>
    </span>
  )
}

/** Of a closed row, how much is below it that went wrong, or else how much there is. */
function countsOf(row: Row): string {
  if (row.kind === 'call' || row.open !== false) return ''
  const { failed, steps } = row.tally
  if (failed > 0) return `${String(failed)} failed`
  return steps === 1 ? '1 step' : `${count(steps)} steps`
}
