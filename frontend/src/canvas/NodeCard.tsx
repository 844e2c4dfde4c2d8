import type { NodeProps } from '@xyflow/react'
import { Handle, Position } from '@xyflow/react'
import { memo } from 'react'
import { summaryOf } from '@/graph/catalogue'
import { labelOf } from '@/graph/document'
import { isBlob, isObject } from '@/graph/json'
import { severityOf } from '@/graph/problems'
import type { LiveStep } from '@/live/model'
import type { NodeSteps } from '@/live/nodeSteps'
import { useNodeSteps } from '@/live/useRun'
import { cost, count, duration, tokensOf } from '@/ui/format'
import { useFeedContext } from './FeedContext'
import type { CardData, FlowNode } from './flow'
import { inputTop, linesOf, outputTop } from './geometry'
import { NodeIcon } from './NodeIcon'
import { progressOf } from './progress'
import { useSplitAround } from './RegionsContext'
import { useFar } from './useFar'

export const NodeCard = memo(function NodeCard({ id, data }: NodeProps<FlowNode>) {
  const far = useFar()
  const feed = useFeedContext()
  const steps = useNodeSteps(feed, id)
  const split = useSplitAround(id)
  const severity = severityOf(data.problems)
  const progress = steps && feed ? progressOf(steps, split, feed.store) : null
  return (
    <div
      className="card"
      data-group={data.type?.group ?? 'unknown'}
      data-status={steps?.status}
      data-severity={severity}
      data-pinned={data.node.pin !== undefined}
      data-far={far}
    >
      <div className="card__header">
        <NodeIcon name={data.type?.icon ?? 'circle-help'} />
        <span className="card__title">{labelOf(data.node)}</span>
        {data.node.pin && !far ? <PinMark /> : null}
        {progress ? (
          <span className="card__progress" data-failed={progress.failed > 0}>
            {progress.words}
            {progress.failed > 0 && !far ? `, ${String(progress.failed)} failed` : null}
          </span>
        ) : null}
        <CardSign steps={steps} severity={severity} />
      </div>
      {far ? null : <CardBody data={data} step={steps?.speaking} />}
      {steps && !far ? <CardMeasures step={steps.latest} /> : null}
      <Ports data={data} />
    </div>
  )
})

const PinMark = () => (
  <span className="card__pin" title="Pinned: it gives its pin and does not run">
    pinned
  </span>
)

function CardSign({ steps, severity }: { steps: NodeSteps | undefined; severity: string | null }) {
  const status = steps?.status
  if (status === 'running') return <span className="spinner" title="Running" />
  if (status && status !== 'pending') {
    return <span className="card__sign" data-status={status} title={status} />
  }
  return severity ? (
    <span className="card__sign" data-severity={severity} title="Has problems" />
  ) : null
}

/** What the node says: its error, the end of its streamed text or its result, else its one line of meaning. */
function CardBody({ data, step }: { data: CardData; step: LiveStep | undefined }) {
  const said = spoken(step)
  const problem = step ? undefined : data.problems[0]
  const tone = step?.status === 'failed' ? 'bad' : said ? 'said' : (problem?.severity ?? 'plain')
  const text = said ?? problem?.message ?? summaryOf(data.node, data.type)
  return (
    <div className="card__body" data-lines={linesOf(data.type)} data-tone={tone}>
      {text || data.type?.help || `Unknown type “${data.node.type}”`}
    </div>
  )
}

/** As many characters as two lines can show. */
const TAIL = 110

function spoken(step: LiveStep | undefined): string | null {
  if (!step) return null
  if (step.status === 'failed') return step.error?.message ?? 'Failed.'
  const { text } = step.text
  if (step.status === 'running') return text.length > TAIL ? `…${text.slice(-TAIL)}` : text || null
  return gist(step.output)?.slice(0, TAIL * 2) ?? (text.slice(0, TAIL) || null)
}

/** A value in a line: text as it is, an object of one field as that field. */
function gist(value: unknown): string | null {
  if (value === undefined || value === null || isBlob(value)) return null
  if (typeof value === 'string') return value
  const [only, ...others] = isObject(value) ? Object.values(value) : []
  return typeof only === 'string' && others.length === 0 ? only : JSON.stringify(value)
}

function CardMeasures({ step }: { step: LiveStep }) {
  const tokens = tokensOf(step.usage)
  const tries = step.attempts.length
  const parts = [
    step.durationMs === null ? '' : duration(step.durationMs),
    tokens ? `${count(tokens)} tok` : '',
    cost(step.usage?.cost_usd),
    tries > 1 ? `attempt ${String(tries)}` : '',
    step.notes?.truncated ? 'truncated' : '',
  ].filter(Boolean)
  return parts.length > 0 ? <div className="card__measures">{parts.join(' · ')}</div> : null
}

function Ports({ data }: { data: CardData }) {
  const { inputs, outputs, type } = data
  return (
    <>
      {inputs.map((port, index) => (
        <Handle
          key={port.name}
          id={port.name}
          type="target"
          position={Position.Left}
          className="port"
          style={{ top: inputTop(index) }}
        />
      ))}
      {outputs.map((port, index) => (
        <Handle
          key={port.name}
          id={port.name}
          type="source"
          position={Position.Right}
          className="port"
          data-port={port.name}
          style={{ top: outputTop(type, index, outputs.length) }}
        >
          {outputs.length > 1 ? (
            <span className="port__label">{port.label ?? port.name}</span>
          ) : null}
        </Handle>
      ))}
    </>
  )
}
