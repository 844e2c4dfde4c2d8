import { useMemo } from 'react'
import { outputsOf } from '@/graph/catalogue'
import { connect, typeLabel } from '@/graph/commands'
import type { DraftEdge } from '@/graph/connect'
import { targetsFor } from '@/graph/connect'
import { labelOf, nodeOf } from '@/graph/document'
import type { ListItem } from '@/ui/SearchList'
import { SearchList } from '@/ui/SearchList'
import { graphOf, useEditor, useEditorStore } from './editorStore'
import { focusNode } from './useActions'

interface TargetItem extends ListItem {
  draft: DraftEdge
}

/** Wires drawn without a pointer: the ends that the selected node may lead to, as a list. */
export function ConnectList() {
  const store = useEditorStore()
  const from = useEditor((state) => state.connecting)
  const items = useMemo(
    () => (from === null ? [] : targetItems(store.getState(), from)),
    [store, from],
  )
  const node = from === null ? undefined : nodeOf(graphOf(store.getState()), from)
  if (!node) return null

  const close = () => {
    store.getState().show({ connecting: null })
    focusNode(node.id)
  }
  const card = document.querySelector(`.react-flow__node[data-id="${CSS.escape(node.id)}"]`)
  const box = card?.getBoundingClientRect()
  return (
    <div
      className="quick-add"
      role="dialog"
      aria-label={`Connect ${labelOf(node)} to`}
      style={{
        left: Math.max(8, Math.min(box?.right ?? innerWidth / 2, innerWidth - 300)),
        top: Math.max(8, Math.min(box?.top ?? 120, innerHeight - 380)),
      }}
    >
      <SearchList
        label={`Connect ${labelOf(node)} to`}
        placeholder={`Connect ${labelOf(node)} to…`}
        items={items}
        autoFocus
        none="There is no node that it can lead to."
        onEscape={close}
        onPick={({ draft }) => {
          store.getState().perform(connect(draft))
          close()
        }}
      />
    </div>
  )
}

function targetItems(state: Parameters<typeof graphOf>[0], from: string): TargetItem[] {
  const graph = graphOf(state)
  const node = nodeOf(graph, from)
  if (!node) return []
  const ports = outputsOf(node, state.catalogue, graph.edges)
  return ports.flatMap((port) =>
    targetsFor(graph, { node: from, port: port.name }, state.catalogue).map((draft) => {
      const target = nodeOf(graph, draft.target.node)
      const name = target ? labelOf(target) : draft.target.node
      const label = draft.loop ? `Loop back to ${name}` : name
      return {
        id: `${port.name}:${draft.target.node}:${draft.target.port}`,
        label: ports.length > 1 ? `${port.label ?? port.name} → ${label}` : label,
        detail: target ? typeLabel(target, state.catalogue) : '',
        draft,
      }
    }),
  )
}
