import type { KeyboardEvent } from 'react'
import { focusCanvas, focusNode } from '@/canvas/useActions'
import { nodeOf } from '@/graph/document'
import { graphOf, onlySelected, useEditor, useEditorStore } from '@/canvas/editorStore'
import { EdgeInspector } from './EdgeInspector'
import { ManyInspector } from './ManyInspector'
import { NodeInspector } from './NodeInspector'
import { ResizeHandle } from './ResizeHandle'
import { usePanelWidth } from './usePanelWidth'
import { WorkflowInspector } from './WorkflowInspector'

interface InspectorProps {
  /** The run whose values the node's fields are tried on, and whose steps are shown. */
  run: string | null
}

/** Docked beside the canvas: the settings of whatever is selected, or of the workflow. */
export function Inspector({ run }: InspectorProps) {
  const [width, setWidth] = usePanelWidth()
  const store = useEditorStore()
  const open = useEditor((state) => state.inspectorOpen)
  if (!open) return null
  const backToCanvas = (event: KeyboardEvent) => {
    // An open completion list has taken its Escape already.
    if (event.key !== 'Escape' || event.isDefaultPrevented()) return
    const one = onlySelected(store.getState())
    if (one === null) focusCanvas()
    else focusNode(one)
  }
  return (
    <aside
      className="inspector panel"
      aria-label="Inspector"
      style={{ width }}
      onKeyDown={backToCanvas}
    >
      <ResizeHandle width={width} onChange={setWidth} />
      <Content
        run={run}
        close={() => {
          store.getState().show({ inspectorOpen: false })
        }}
      />
    </aside>
  )
}

function Content({ run, close }: InspectorProps & { close: () => void }) {
  const graph = useEditor(graphOf)
  const selection = useEditor((state) => state.selection)
  const one = useEditor(onlySelected)
  const node = one === null ? undefined : nodeOf(graph, one)
  const [edge] = selection.edges
  if (node) return <NodeInspector key={node.id} node={node} run={run} close={close} />
  if (selection.nodes.size > 1) return <ManyInspector count={selection.nodes.size} close={close} />
  if (edge) return <EdgeInspector id={edge} close={close} />
  return <WorkflowInspector close={close} />
}
