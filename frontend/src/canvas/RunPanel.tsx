import { useState } from 'react'
import { Link } from 'react-router'
import { useRun } from '@/api/queries'
import { labelOf, nodeOf } from '@/graph/document'
import type { Json } from '@/graph/json'
import { isBlob } from '@/graph/json'
import { nodeIn } from '@/live/key'
import type { LiveFeed } from '@/live/useRun'
import { useLiveRun } from '@/live/useRun'
import { Cause } from '@/runs/Cause'
import { RunForm } from '@/runs/RunForm'
import { RunStatusLine } from '@/runs/RunStatusLine'
import { Waterfall } from '@/runs/Waterfall'
import { Value } from '@/ui/Value'
import { graphOf, onlySelected, useEditor } from './editorStore'
import { useActions } from './useActions'
import type { Runner } from './useRunner'

interface RunPanelProps {
  runner: Runner
  feed: LiveFeed | null
}

/** Docked below the canvas: what the run is given, how it goes, and what came out. */
export function RunPanel({ runner, feed }: RunPanelProps) {
  const graph = useEditor(graphOf)
  return (
    <div className="run-panel">
      <RunForm
        inputs={graph.inputs}
        value={runner.input}
        errors={runner.errors}
        busy={runner.starting}
        onChange={runner.setInput}
        onRun={() => {
          runner.run()
        }}
      />
      {feed ? (
        <Progress feed={feed} />
      ) : (
        <p className="run-panel__none muted">
          Steps, times and the answer show here, and live on the nodes above.
        </p>
      )}
    </div>
  )
}

function Progress({ feed }: { feed: LiveFeed }) {
  const snapshot = useLiveRun(feed)
  const graph = useEditor(graphOf)
  const regions = useEditor((state) => state.regions)
  const selected = useEditor(onlySelected)
  const { goTo } = useActions()
  const [call, setCall] = useState<string | null>(null)
  const { run } = snapshot
  const nameOf = (id: string) => {
    const node = nodeOf(graph, id)
    return node ? labelOf(node) : (id.split('.').at(-1) ?? id)
  }
  return (
    <>
      <div className="run-panel__steps">
        <RunStatusLine feed={feed} />
        <Waterfall
          snapshot={snapshot}
          regions={regions}
          nameOf={nameOf}
          selected={call ?? selected}
          onSelect={(step, n) => {
            setCall(n === null ? null : `${step}#${n}`)
            const [node] = nodeIn(step).split('.')
            if (node && nodeOf(graph, node)) goTo(node)
          }}
        />
      </div>
      <div className="run-panel__result">
        <div className="row">
          <h3>Result</h3>
          <span className="spacer" />
          <Link className="link" to={`/runs/${feed.run}`}>
            Open the run
          </Link>
        </div>
        {run.error ? (
          <Cause
            error={run.error}
            name={run.error.node ? nameOf(run.error.node) : null}
            onOpen={() => {
              if (run.error?.node) goTo(run.error.node)
            }}
          />
        ) : null}
        {run.status === 'succeeded' ? <Output run={feed.run} output={run.output} /> : null}
        {run.endedAt === null ? (
          <p className="muted">The answer shows here when the run ends.</p>
        ) : null}
      </div>
    </>
  )
}

/** What the run gave; fetched where it is too large for an event. */
function Output({ run, output }: { run: string; output: Json | undefined }) {
  const large = isBlob(output)
  const { data } = useRun(large ? run : null)
  return <Value title="Output" value={large ? data?.output : output} height={1000} />
}
