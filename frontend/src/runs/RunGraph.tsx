import { GraphView } from '@/canvas/GraphView'
import { IconSprite } from '@/canvas/NodeIcon'
import type { Catalogue } from '@/graph/catalogue'
import type { Graph } from '@/graph/document'

interface RunGraphProps {
  graph: Graph
  catalogue: Catalogue
  selected: string | null
  onSelect: (node: string | null) => void
}

/** The graph as it ran, whatever became of the workflow since; a click selects the step. */
export function RunGraph(props: RunGraphProps) {
  return (
    <section className="run-page__graph" aria-label="The graph as it ran">
      <IconSprite catalogue={props.catalogue} />
      <GraphView {...props} />
    </section>
  )
}
