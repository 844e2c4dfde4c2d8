import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import { labelOf, nodeOf } from '@/graph/document'
import { graphOf, useEditor } from './editorStore'
import { useActions } from './useActions'

export function ProblemsPanel() {
  const { all } = useEditor((state) => state.problems)
  const graph = useEditor(graphOf)
  const { goTo } = useActions()
  if (all.length === 0) {
    return (
      <p className="dock__note row">
        <CircleCheck size={15} /> Nothing to mend: this workflow can run and be published.
      </p>
    )
  }
  return (
    <ul aria-label="Problems">
      {all.map((problem, index) => {
        const node = problem.node ? nodeOf(graph, problem.node) : undefined
        return (
          <li key={`${problem.code}-${String(index)}`}>
            <button
              type="button"
              className="problem"
              data-severity={problem.severity}
              disabled={!node}
              onClick={() => {
                if (node) goTo(node.id)
              }}
            >
              {problem.severity === 'error' ? (
                <CircleAlert size={15} />
              ) : (
                <TriangleAlert size={15} />
              )}
              <span className="problem__text">{problem.message}</span>
              {node ? <span className="problem__where">{labelOf(node)}</span> : null}
              {problem.field ? <code className="muted">{problem.field}</code> : null}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
