import type { Json } from './json'

export type Segment = { text: string } | { expression: string }

const ROOTS = ['input', 'nodes', 'vars', 'item', 'index', 'iteration']

/** A template cut into its text and its expressions, in order. `\{{` is a literal brace pair. */
export function segmentsOf(template: string): Segment[] {
  const segments: Segment[] = []
  let text = ''
  let rest = template
  for (let hole = nextHole(rest); hole; hole = nextHole(rest)) {
    text += rest.slice(0, hole.start)
    if (opens(hole.expression)) {
      if (text) segments.push({ text: unescape(text) })
      segments.push({ expression: hole.expression.trim() })
      text = ''
    } else {
      text += rest.slice(hole.start, hole.end)
    }
    rest = rest.slice(hole.end)
  }
  if (text + rest) segments.push({ text: unescape(text + rest) })
  return segments
}

function nextHole(text: string) {
  const match = /(?<!\\)\{\{([\s\S]*?)\}\}/.exec(text)
  if (!match) return null
  return { start: match.index, end: match.index + match[0].length, expression: match[1] ?? '' }
}

/** `{{` opens an expression only before a known root or a function call, so JSON in prompts is safe. */
function opens(expression: string): boolean {
  const word = /^\s*([A-Za-z_]\w*)\s*(\(?)/.exec(expression)
  if (!word) return false
  return word[2] === '(' || ROOTS.includes(word[1] ?? '')
}

const unescape = (text: string) => text.replaceAll('\\{{', '{{')

/** The values of a template's expressions put back in its text, as the server would. */
export function fill(segments: readonly Segment[], values: readonly Json[]): string {
  let next = 0
  return segments
    .map((segment) => ('text' in segment ? segment.text : rendered(values[next++] ?? null)))
    .join('')
}

function rendered(value: Json): string {
  if (value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
