import { CircleAlert } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'

/** What ties a control to its label, hint and error. */
export interface Aria {
  id: string
  'aria-describedby'?: string
  'aria-invalid'?: true
}

interface FieldProps {
  label: ReactNode
  hint?: string | undefined
  error?: string | undefined
  severity?: 'error' | 'warning'
  /** Stands at the right end of the label's line. */
  aside?: ReactNode
  children: (ids: Aria) => ReactNode
}

/** A labelled control; `children` is given the ids that tie it to its label, hint and error. */
export function Field({ label, hint, error, severity = 'error', aside, children }: FieldProps) {
  const id = useId()
  const note = `${id}-note`
  return (
    <div className="field">
      <div className="field__label">
        <label htmlFor={id}>{label}</label>
        {aside ? <span className="spacer" /> : null}
        {aside}
      </div>
      {children({
        id,
        ...(hint || error ? { 'aria-describedby': note } : {}),
        ...(error && severity === 'error' ? { 'aria-invalid': true } : {}),
      })}
      <FieldNote id={note} hint={hint} error={error} severity={severity} />
    </div>
  )
}

interface FieldNoteProps {
  id: string
  hint: string | undefined
  error: string | undefined
  severity: 'error' | 'warning'
}

function FieldNote({ id, hint, error, severity }: FieldNoteProps) {
  if (error) {
    return (
      <p id={id} className="field__error" data-severity={severity}>
        <CircleAlert size={13} />
        {error}
      </p>
    )
  }
  return hint ? (
    <p id={id} className="field__hint">
      <Prose text={hint} />
    </p>
  ) : null
}

/** Text with `code` in back quotes, as schemas describe themselves. */
function Prose({ text }: { text: string }) {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}

export const TextInput = ({ className = '', ...rest }: ComponentProps<'input'>) => (
  <input
    type="text"
    autoComplete="off"
    spellCheck={false}
    {...rest}
    className={`input ${className}`}
  />
)

export const TextArea = ({ className = '', ...rest }: ComponentProps<'textarea'>) => (
  <textarea rows={2} {...rest} className={`input ${className}`} />
)
