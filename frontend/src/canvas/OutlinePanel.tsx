import { outlineOf } from '@/graph/outline'
import { graphOf, useEditor } from './editorStore'
import { useActions } from './useActions'

/** The graph as a list in the order in which it runs, for eyes and ears that the canvas does not serve. */
export function OutlinePanel() {
  const graph = useEditor(graphOf)
  const catalogue = useEditor((state) => state.catalogue)
  const selected = useEditor((state) => state.selection.nodes)
  const { goTo } = useActions()
  const rows = outlineOf(graph, catalogue)
  if (rows.length === 0) return <p className="dock__note">The graph is empty.</p>
  return (
    <ol className="outline" aria-label="Outline of the graph">
      {rows.map((row) => (
        <li key={row.id}>
          <button
            type="button"
            className="outline__row"
            aria-current={selected.has(row.id)}
            style={{ paddingInlineStart: 12 + row.depth * 18 }}
            onClick={() => {
              goTo(row.id)
            }}
          >
            <span className="outline__label">{row.label}</span>
            <span className="muted">{row.type}</span>
            <span className="outline__to muted truncate">
              {row.before.length > 0 ? `leads to ${row.before.join(', ')}` : 'ends here'}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}
