import type { ReactNode } from 'react'

const TOKEN =
  /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b)|\b(true|false|null)\b/gi

/** JSON with its parts told apart by colour. */
export function Code({ text }: { text: string }) {
  return (
    <pre className="code-block">
      <code>{coloured(text)}</code>
    </pre>
  )
}

function coloured(text: string): ReactNode[] {
  const parts: ReactNode[] = []
  let from = 0
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon, number] = match
    if (match.index > from) parts.push(text.slice(from, match.index))
    const kind = string ? (colon ? 'key' : 'string') : number ? 'number' : 'word'
    parts.push(
      <span key={match.index} data-token={kind}>
        {string ?? whole}
      </span>,
    )
    if (string && colon) parts.push(colon)
    from = match.index + whole.length
  }
  return [...parts, text.slice(from)]
}
