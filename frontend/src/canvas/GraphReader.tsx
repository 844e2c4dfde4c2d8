import { useState } from 'react'
import type { Catalogue } from '@/graph/catalogue'
import type { Graph } from '@/graph/document'
import { nodeOf } from '@/graph/document'
import { FeedContext } from './FeedContext'
import { GraphView } from './GraphView'
import { VersionNode } from './VersionNode'

interface GraphReaderProps {
  graph: Graph
  catalogue: Catalogue
  /** What graph it is, to whoever does not see it. */
  label: string
}

/** A graph to look at, with the settings of the node that is clicked beside it. */
export function GraphReader({ graph, catalogue, label }: GraphReaderProps) {
  const [selected, setSelected] = useState<string | null>(null)
  const node = selected === null ? undefined : nodeOf(graph, selected)
  return (
    <FeedContext value={null}>
      <div className="editor__middle">
        <main className="editor__main">
          <section className="canvas" aria-label={label}>
            <GraphView
              graph={graph}
              catalogue={catalogue}
              selected={selected}
              onSelect={setSelected}
            />
          </section>
        </main>
        {node ? (
          <VersionNode
            key={node.id}
            node={node}
            catalogue={catalogue}
            close={() => {
              setSelected(null)
            }}
          />
        ) : null}
      </div>
    </FeedContext>
  )
}
