import { ArrowLeft, ArrowRight, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { graphOf, useEditor, useEditorStore } from '@/canvas/editorStore'
import { remove } from '@/graph/commands'
import type { GraphEdge } from '@/graph/document'
import { edgeId, labelOf, nodeOf, sourceOf } from '@/graph/document'
import { IconButton } from '@/ui/Button'

/** The edges of a node as a list, to open and to remove without a pointer. */
export function Connections({ id }: { id: string }) {
  const graph = useEditor(graphOf)
  const into = graph.edges.filter((edge) => edge.target === id)
  const out = graph.edges.filter((edge) => edge.source === id)
  const nameOf = (node: string) => {
    const found = nodeOf(graph, node)
    return found ? labelOf(found) : node
  }
  if (into.length + out.length === 0) return null
  return (
    <section className="connections">
      <h3>Connections</h3>
      <ul aria-label="Connections">
        {into.map((edge) => (
          <Connection
            key={edgeId(edge)}
            edge={edge}
            icon={<ArrowLeft size={13} />}
            name={`from ${withPort(nameOf(edge.source), edge)}`}
          />
        ))}
        {out.map((edge) => (
          <Connection
            key={edgeId(edge)}
            edge={edge}
            icon={<ArrowRight size={13} />}
            name={`${withPort('', edge)} to ${nameOf(edge.target)}`.trim()}
          />
        ))}
      </ul>
    </section>
  )
}

function Connection({ edge, icon, name }: { edge: GraphEdge; icon: ReactNode; name: string }) {
  const { perform, select } = useEditorStore().getState()
  const id = edgeId(edge)
  return (
    <li className="connections__row">
      <button
        type="button"
        className="connections__name"
        onClick={() => {
          select({ edges: new Set([id]) })
        }}
      >
        {icon}
        {name}
      </button>
      <IconButton
        label={`Remove the edge ${name}`}
        size="small"
        icon={<X size={13} />}
        onClick={() => {
          perform(remove(new Set(), new Set([id])))
        }}
      />
    </li>
  )
}

function withPort(name: string, edge: GraphEdge): string {
  const { port } = sourceOf(edge)
  return port === 'out' ? name : `${name} “${port}”`
}
