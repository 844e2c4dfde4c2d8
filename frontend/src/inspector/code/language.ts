import type { StreamParser, StringStream } from '@codemirror/language'

interface State {
  /** The quote that an open string ends with. */
  quote: string | null
  inHole: boolean
}

const ROOT = /^(?:input|nodes|vars|item|index|iteration)\b/
const HOLE = /^\{\{(?=\s*(?:(?:input|nodes|vars|item|index|iteration)\b|[A-Za-z_]\w*\())/

function expressionToken(stream: StringStream, state: State): string | null {
  if (state.quote) return stringToken(stream, state, state.quote)
  if (stream.eatSpace()) return null
  if (stream.match(/^["']/)) {
    state.quote = stream.current()
    return 'string'
  }
  if (stream.match(/^\d+(?:\.\d+)?(?:e[+-]?\d+)?/i)) return 'number'
  if (stream.match(/^(?:true|false|null|in)\b/)) return 'keyword'
  if (stream.match(ROOT)) return 'variableName.special'
  if (stream.match(/^[A-Za-z_]\w*(?=\s*\()/)) return 'variableName.function'
  if (stream.match(/^\.[A-Za-z_]\w*/)) return 'propertyName'
  if (stream.match(/^[A-Za-z_]\w*/)) return 'variableName'
  if (stream.match(/^(?:&&|\|\||[=!<>]=|[-+*/%<>!?:])/)) return 'operator'
  stream.next()
  return 'punctuation'
}

function stringToken(stream: StringStream, state: State, quote: string): string {
  for (let letter = stream.next(); letter; letter = stream.next()) {
    if (letter === '\\') stream.next()
    else if (letter === quote) {
      state.quote = null
      break
    }
  }
  return 'string'
}

function templateToken(stream: StringStream, state: State): string | null {
  if (state.inHole) {
    if (!state.quote && stream.match('}}')) {
      state.inHole = false
      return 'brace'
    }
    return expressionToken(stream, state)
  }
  if (stream.match(HOLE)) {
    state.inHole = true
    return 'brace'
  }
  if (stream.match(/^\{[a-z_]\w*\}/i)) return 'variableName.special'
  stream.next()
  stream.eatWhile(/[^{]/)
  return null
}

function jsonToken(stream: StringStream): string | null {
  if (stream.eatSpace()) return null
  if (stream.match(/^"(?:[^"\\]|\\.)*"(?=\s*:)/)) return 'propertyName'
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string'
  if (stream.match(/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/i)) return 'number'
  if (stream.match(/^(?:true|false|null)\b/)) return 'keyword'
  stream.next()
  return 'punctuation'
}

const startState = (): State => ({ quote: null, inHole: false })

export const PARSERS: Readonly<Record<'template' | 'expression' | 'json', StreamParser<State>>> = {
  template: { name: 'template', startState, token: templateToken },
  expression: { name: 'expression', startState, token: expressionToken },
  json: { name: 'json', startState, token: jsonToken },
}
