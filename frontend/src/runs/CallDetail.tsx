import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import type { Call } from '@/api/types'
import type { Json } from '@/graph/json'
import { isObject } from '@/graph/json'
import { IconButton } from '@/ui/Button'
import { cost, duration } from '@/ui/format'
import { Tabs } from '@/ui/Tabs'
import { Value } from '@/ui/Value'

interface CallDetailProps {
  call: Call
  /** The label of the step that made it. */
  step: string
  onBack: () => void
}

/** One call in full: for a model's, the messages it was sent and what it answered. */
export function CallDetail({ call, step, onBack }: CallDetailProps) {
  const [tab, setTab] = useState<'read' | 'request' | 'result'>('read')
  return (
    <div className="detail">
      <div className="row">
        <IconButton
          label={`Back to ${step}`}
          size="small"
          icon={<ArrowLeft size={15} />}
          onClick={onBack}
        />
        <h2 className="truncate">{call.name || call.kind}</h2>
        <span className="badge">{call.kind}</span>
      </div>
      <Facts call={call} />
      {call.error ? <p className="cause">{call.error.message}</p> : null}
      <Tabs
        label="Parts of the call"
        tabs={[
          { value: 'read', label: 'Conversation' },
          { value: 'request', label: 'Request' },
          { value: 'result', label: 'Result' },
        ]}
        value={tab}
        onChange={setTab}
      >
        <div className="detail__tab">
          {tab === 'read' ? <Conversation call={call} /> : null}
          {tab === 'request' ? <Value title="Request" value={call.request} height={640} /> : null}
          {tab === 'result' ? <Value title="Result" value={call.result} height={640} /> : null}
        </div>
      </Tabs>
    </div>
  )
}

function Facts({ call }: { call: Call }) {
  const result = isObject(call.result) ? call.result : {}
  const facts: [string, string][] = [
    ['Time', duration(call.duration_ms)],
    [
      'First token',
      typeof result.first_token_ms === 'number' ? duration(result.first_token_ms) : '',
    ],
    [
      'Tokens',
      call.usage
        ? `${String(call.usage.input_tokens ?? 0)} in, ${String(call.usage.output_tokens ?? 0)} out`
        : '',
    ],
    ['Cost', cost(call.usage?.cost_usd)],
    ['Lane', typeof result.lane === 'string' ? result.lane : ''],
    ['Finish', typeof result.finish === 'string' ? result.finish : ''],
  ]
  return (
    <dl className="facts facts--row tabular">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** The messages in the order in which they were said, the answer last; other kinds of calls as they are. */
function Conversation({ call }: { call: Call }) {
  const messages =
    isObject(call.request) && Array.isArray(call.request.messages)
      ? (call.request.messages as Json[])
      : null
  const text = isObject(call.result) ? (call.result.text as Json | undefined) : undefined
  if (!messages) {
    return (
      <>
        <Value title="Request" value={call.request} />
        <Value title="Result" value={call.result} />
      </>
    )
  }
  return (
    <>
      {messages.map((message, index) => {
        const { role, content } = isObject(message) ? (message as Record<string, Json>) : {}
        return <Value key={index} title={String(role)} value={content ?? message} height={420} />
      })}
      {text ? <Value title="Answer" value={text} height={520} /> : null}
    </>
  )
}
