import { useState } from 'react'
import { graphOf, useEditor, useEditorStore } from '@/canvas/editorStore'
import { renameId } from '@/graph/commands'
import type { GraphNode } from '@/graph/document'
import { ID_PATTERN } from '@/graph/ids'
import { warn } from '@/ui/toast'

/** The node's id, by which expressions read it; a new one is put into them too. */
export function NodeId({ node }: { node: GraphNode }) {
  const store = useEditorStore()
  const graph = useEditor(graphOf)
  const [typed, setTyped] = useState<string | null>(null)
  const commit = () => {
    const id = (typed ?? node.id).trim()
    setTyped(null)
    if (id === node.id) return
    const refusal = refusalOf(id, graph.nodes)
    if (refusal) {
      warn('The id stays as it was', new Error(refusal))
      return
    }
    store.getState().perform(renameId(node.id, id))
    store.getState().select({ nodes: new Set([id]) })
  }
  return (
    <input
      className="inspector__id mono"
      aria-label="Id of the node"
      title="Expressions read this node by its id"
      size={Math.max(4, (typed ?? node.id).length)}
      value={typed ?? node.id}
      onChange={(event) => {
        setTyped(event.target.value)
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
        if (event.key === 'Escape') setTyped(null)
      }}
    />
  )
}

function refusalOf(id: string, nodes: readonly GraphNode[]): string | null {
  if (!ID_PATTERN.test(id))
    return 'An id starts with a letter and has small letters, digits and _ only.'
  return nodes.some((node) => node.id === id) ? `Another node is called ${id}.` : null
}
