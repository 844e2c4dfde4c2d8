import type { Scope } from './scope'

export interface Completion {
  label: string
  detail: string
  kind: 'name' | 'function'
}

export interface Completions {
  /** Where in the text the word that is being typed begins. */
  from: number
  options: Completion[]
}

/** A function that expressions may call: `f(x, y)` and `x.f(y)` are the same. */
export interface ExpressionFunction {
  name: string
  help: string
}

/** The forms of the language: they look like functions, but name a variable or a field. */
const HAS: Completion = { label: 'has', detail: '(field) is it there?', kind: 'function' }
const OVER_ITEMS: readonly Completion[] = [
  { label: 'map', detail: '(x, expression) of each item', kind: 'function' },
  { label: 'filter', detail: '(x, condition) the items where it holds', kind: 'function' },
  { label: 'exists', detail: '(x, condition) for any item?', kind: 'function' },
  { label: 'exists_one', detail: '(x, condition) for just one item?', kind: 'function' },
  { label: 'all', detail: '(x, condition) for every item?', kind: 'function' },
]

/** What may stand at the end of `before`, the expression's text up to the cursor. */
export function completionsFor(
  scope: Scope,
  functions: readonly ExpressionFunction[],
  before: string,
): Completions | null {
  if (insideString(before)) return null
  const path = /[A-Za-z_][\w]*(?:\.\w*)*$/.exec(before)?.[0] ?? ''
  const parts = path.split('.')
  const word = parts.pop() ?? ''
  const from = before.length - word.length
  const calls = functions.map(callOf)
  if (parts.length === 0) return { from, options: [...names(scope), HAS, ...calls] }
  let level: Scope | undefined = scope
  for (const part of parts) level = level?.find((name) => name.name === part)?.below
  // What `input` and `nodes` hold is read by name; what those names stand for can be worked with.
  const methods = parts.length > 1 ? [...OVER_ITEMS, ...calls] : []
  return { from, options: [...names(level ?? []), ...methods] }
}

const names = (scope: Scope): Completion[] =>
  scope.map(({ name, detail }) => ({ label: name, detail, kind: 'name' }))

const callOf = ({ name, help }: ExpressionFunction): Completion => ({
  label: name,
  detail: help,
  kind: 'function',
})

function insideString(before: string): boolean {
  const bare = before.replace(/\\./g, '')
  const unpaired = bare.replace(/"[^"]*"|'[^']*'/g, '')
  return /["']/.test(unpaired)
}

/** Where the expression around `at` in a template begins, or null outside every `{{ }}`. */
export function holeAt(template: string, at: number): number | null {
  const open = template.lastIndexOf('{{', at - 1)
  if (open < 0 || open + 2 > at) return null
  return template.slice(open, at).includes('}}') ? null : open + 2
}
