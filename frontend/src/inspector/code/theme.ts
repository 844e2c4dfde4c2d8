import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const frame = EditorView.theme({
  '&': { color: 'var(--text)', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', maxHeight: '340px' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 10px' },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--accent-soft)',
  },
  '.cm-tooltip': {
    border: '0',
    borderRadius: '9px',
    background: 'var(--raised)',
    boxShadow: '0 0 0 1px var(--line), var(--shadow-3)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    fontSize: '12px',
    maxWidth: 'min(348px, 92vw)',
    maxHeight: '220px',
    padding: '4px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    padding: '4px 8px',
    borderRadius: '5px',
    lineHeight: '18px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--hover)',
    color: 'var(--text)',
  },
  '.cm-completionDetail': {
    color: 'var(--text-3)',
    fontStyle: 'normal',
    fontFamily: 'var(--sans)',
    marginLeft: '12px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)' },
})

const colours = HighlightStyle.define([
  {
    tag: tags.special(tags.variableName),
    color: 'light-dark(oklch(50% 0.19 292), oklch(80% 0.12 292))',
  },
  { tag: tags.propertyName, color: 'light-dark(oklch(47% 0.13 255), oklch(80% 0.1 250))' },
  { tag: [tags.string], color: 'light-dark(oklch(47% 0.12 155), oklch(80% 0.13 155))' },
  { tag: [tags.number, tags.keyword], color: 'light-dark(oklch(51% 0.14 55), oklch(82% 0.12 75))' },
  {
    tag: tags.function(tags.variableName),
    color: 'light-dark(oklch(46% 0.1 200), oklch(80% 0.1 195))',
  },
  { tag: [tags.brace, tags.operator, tags.punctuation], color: 'var(--text-3)' },
])

export const theme = [frame, syntaxHighlighting(colours)]
