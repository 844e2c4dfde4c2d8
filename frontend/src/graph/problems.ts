/** What is wrong with a document, or may be: as the server's validation tells it. */
export interface Problem {
  code: string
  message: string
  node?: string | null
  field?: string | null
  loc?: unknown
  severity: 'error' | 'warning'
}

export interface Problems {
  readonly all: readonly Problem[]
  readonly byNode: ReadonlyMap<string, readonly Problem[]>
}

export const NO_PROBLEMS: Problems = { all: [], byNode: new Map() }

export function gather(
  errors: readonly Omit<Problem, 'severity'>[],
  warnings: readonly Omit<Problem, 'severity'>[],
): Problems {
  const all = [
    ...errors.map((problem): Problem => ({ ...problem, severity: 'error' })),
    ...warnings.map((problem): Problem => ({ ...problem, severity: 'warning' })),
  ]
  const byNode = new Map<string, Problem[]>()
  for (const problem of all) {
    if (problem.node) byNode.set(problem.node, [...(byNode.get(problem.node) ?? []), problem])
  }
  return { all, byNode }
}

/** The problems of one config field, those of its parts included. */
export function atField(problems: readonly Problem[], field: string): Problem[] {
  return problems.filter((problem) => {
    const path = (problem.field ?? '').replace(/^config\./, '')
    return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)
  })
}

export function severityOf(problems: readonly Problem[] = []): 'error' | 'warning' | null {
  if (problems.some((problem) => problem.severity === 'error')) return 'error'
  return problems.length > 0 ? 'warning' : null
}
