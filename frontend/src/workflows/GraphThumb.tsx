import type { Graph, GraphNode } from '@/graph/document'

interface GraphThumbProps {
  graph: Graph
  width?: number
  height?: number
}

const CARD = { width: 240, height: 90 }

/** The shape of a workflow, small: its cards and wires where they lie on the canvas. */
export function GraphThumb({ graph, width = 64, height = 34 }: GraphThumbProps) {
  const places = new Map(graph.nodes.map((node) => [node.id, placeOf(node)]))
  const xs = [...places.values()].map(({ x }) => x)
  const ys = [...places.values()].map(({ y }) => y)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const box = [
    left - 40,
    top - 40,
    Math.max(...xs) - left + CARD.width + 80,
    Math.max(...ys) - top + CARD.height + 80,
  ]
  if (graph.nodes.length === 0)
    return <span className="thumb" style={{ width, height }} aria-hidden="true" />
  return (
    <svg className="thumb" width={width} height={height} viewBox={box.join(' ')} aria-hidden="true">
      {graph.edges.map((edge, index) => {
        const [from, to] = [places.get(edge.source), places.get(edge.target)]
        if (!from || !to) return null
        const [x1, y1, x2, y2] = [from.x + CARD.width, from.y + 45, to.x, to.y + 45]
        const bend = (x2 - x1) / 2
        return (
          <path
            key={index}
            className="thumb__wire"
            d={`M${String(x1)} ${String(y1)}C${String(x1 + bend)} ${String(y1)} ${String(x2 - bend)} ${String(y2)} ${String(x2)} ${String(y2)}`}
          />
        )
      })}
      {graph.nodes.map((node) => (
        <rect
          key={node.id}
          className="thumb__card"
          data-type={node.type}
          {...CARD}
          {...places.get(node.id)}
          rx={22}
        />
      ))}
    </svg>
  )
}

const placeOf = (node: GraphNode) => node.position ?? { x: 0, y: 0 }
