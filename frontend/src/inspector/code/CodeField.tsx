import { lazy, Suspense } from 'react'
import { omit } from '@/graph/json'
import { TextArea } from '@/ui/Field'
import { Preview } from './Preview'

export interface CodeFieldProps {
  id?: string
  kind: 'template' | 'expression' | 'json'
  label: string
  value: string
  placeholder?: string
  /** Whether there is room for more than a line from the start. */
  tall?: boolean
  onChange: (value: string) => void
  'aria-describedby'?: string
  'aria-invalid'?: true
}

/** The text in a plain box: while its editor is on the way, and where it cannot be fetched. */
function PlainCode(props: CodeFieldProps) {
  return (
    <TextArea
      {...omit(props, 'kind', 'label', 'tall')}
      className="mono"
      onChange={(event) => {
        props.onChange(event.target.value)
      }}
    />
  )
}

const CodeEditor = lazy(() =>
  import('./CodeEditor').then(
    ({ CodeEditor }) => ({ default: CodeEditor }),
    () => ({ default: PlainCode }),
  ),
)

/** A text that is code in part, with what it gives below it. */
export function CodeField(props: CodeFieldProps) {
  return (
    <>
      <Suspense fallback={<PlainCode {...props} />}>
        <CodeEditor {...props} />
      </Suspense>
      {props.kind === 'json' ? null : <Preview kind={props.kind} text={props.value} />}
    </>
  )
}
