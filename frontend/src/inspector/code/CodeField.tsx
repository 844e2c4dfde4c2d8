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
  onChange: (value: string) => void
  'aria-describedby'?: string
  'aria-invalid'?: true
}

const CodeEditor = lazy(() =>
  import('./CodeEditor').then(({ CodeEditor }) => ({ default: CodeEditor })),
)

/** A text that is code in part. Until its editor is loaded, a plain box holds it, and takes input. */
export function CodeField(props: CodeFieldProps) {
  const { kind, onChange } = props
  return (
    <>
      <Suspense
        fallback={
          <TextArea
            {...omit(props, 'kind', 'label')}
            className="mono"
            onChange={(event) => {
              onChange(event.target.value)
            }}
          />
        }
      >
        <CodeEditor {...props} />
      </Suspense>
      {kind === 'json' ? null : <Preview kind={kind} text={props.value} />}
    </>
  )
}
