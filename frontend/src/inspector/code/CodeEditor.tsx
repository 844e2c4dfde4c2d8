import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { StreamLanguage } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { completionsFor, holeAt } from '@/graph/completion'
import type { CodeFieldProps } from './CodeField'
import { escape } from './escape'
import { PARSERS } from './language'
import type { CodeScope } from './ScopeContext'
import { useCodeScope } from './ScopeContext'
import { theme } from './theme'
import { typeOver } from './typeOver'

/** CodeMirror in a shadow root, where its style sheet is allowed by a policy that knows no inline styles. */
export function CodeEditor(props: CodeFieldProps) {
  const { kind, label, value, onChange } = props
  const scope = useCodeScope()
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef({ onChange, scope })
  const first = useRef({ value, placeholder: props.placeholder ?? '' })

  useEffect(() => {
    latest.current = { onChange, scope }
  })
  useEffect(() => {
    const element = host.current
    const start = first.current
    if (!element) return
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open', delegatesFocus: true })
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: start.value,
        extensions: [
          basics(kind, label, start.placeholder),
          completing(kind, () => latest.current.scope),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => {
      start.value = editor.state.doc.toString()
      editor.destroy()
      view.current = null
    }
  }, [kind, label])
  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  return (
    <div
      id={props.id}
      ref={host}
      className="input code"
      data-tall={props.tall ?? false}
      aria-invalid={props['aria-invalid']}
      aria-describedby={props['aria-describedby']}
    />
  )
}

function basics(kind: CodeFieldProps['kind'], label: string, hint: string): Extension {
  return [
    theme,
    history(),
    closeBrackets(),
    typeOver,
    escape,
    EditorView.lineWrapping,
    StreamLanguage.define(PARSERS[kind]),
    placeholder(hint),
    EditorView.contentAttributes.of({
      'aria-label': label,
      spellcheck: String(kind === 'template'),
    }),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
  ]
}

function completing(kind: CodeFieldProps['kind'], scope: () => CodeScope): Extension {
  if (kind === 'json') return []
  return autocompletion({
    icons: false,
    override: [(context) => complete(context, kind, scope())],
  })
}

function complete(
  context: CompletionContext,
  kind: CodeFieldProps['kind'],
  { scope, functions }: CodeScope,
): CompletionResult | null {
  const before = context.state.sliceDoc(0, context.pos)
  const start = kind === 'template' ? holeAt(before, before.length) : 0
  if (start === null) return null
  const found = completionsFor(scope, functions, before.slice(start))
  if (!found || (!context.explicit && !/[\w.]$/.test(before))) return null
  return {
    from: start + found.from,
    options: found.options.map(({ label, detail, kind: sort }) => ({
      label,
      detail,
      type: sort === 'name' ? 'variable' : 'function',
      boost: sort === 'name' ? 1 : 0,
    })),
    validFor: /^\w*$/,
  }
}
