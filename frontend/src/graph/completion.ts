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

/** The functions of the expression language, with what they take. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
  has: '(field) is it there?',
  default: '(value, other) other where null',
  size: '(value) characters, items or fields',
  string: '(value) as text',
  json: '(text) the value it holds',
  int: '(value) as a whole number',
  double: '(value) as a number',
  bool: '(text) as true or false',
  type: '(value) its type',
  abs: '(number)',
  floor: '(number)',
  ceil: '(number)',
  round: '(number, digits)',
  min: '(list)',
  max: '(list)',
  sum: '(list)',
}

export const METHODS: Readonly<Record<string, string>> = {
  size: '()',
  contains: '(part)',
  startsWith: '(part)',
  endsWith: '(part)',
  matches: '(pattern)',
  map: '(x, expression)',
  filter: '(x, condition)',
  exists: '(x, condition)',
  all: '(x, condition)',
  lower: '()',
  upper: '()',
  trim: '()',
  split: '(separator)',
  join: '(separator)',
  replace: '(old, new)',
  substring: '(start, end)',
  indexOf: '(part)',
  keys: '()',
  values: '()',
  sort: '()',
  reverse: '()',
  flatten: '()',
  distinct: '()',
}

/** What may stand at the end of `before`, the expression's text up to the cursor. */
export function completionsFor(scope: Scope, before: string): Completions | null {
  if (insideString(before)) return null
  const path = /[A-Za-z_][\w]*(?:\.\w*)*$/.exec(before)?.[0] ?? ''
  const parts = path.split('.')
  const word = parts.pop() ?? ''
  const from = before.length - word.length
  if (parts.length === 0) return { from, options: [...names(scope), ...functions(FUNCTIONS)] }
  let level: Scope | undefined = scope
  for (const part of parts) level = level?.find((name) => name.name === part)?.below
  return { from, options: [...names(level ?? []), ...(parts.length > 1 ? functions(METHODS) : [])] }
}

const names = (scope: Scope): Completion[] =>
  scope.map(({ name, detail }) => ({ label: name, detail, kind: 'name' }))

const functions = (table: Readonly<Record<string, string>>): Completion[] =>
  Object.entries(table).map(([label, detail]) => ({ label, detail, kind: 'function' }))

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
