import { useState } from 'react'
import type { Json } from '@/graph/json'
import { sameJson } from '@/graph/json'
import { CodeField } from '../code/CodeField'

interface JsonFieldProps {
  id: string
  label: string
  value: Json | undefined
  onChange: (value: Json | undefined) => void
}

/** A value written as JSON; what does not parse yet stays in the box, with the reason below it. */
export function JsonField({ id, label, value, onChange }: JsonFieldProps) {
  const [typed, setTyped] = useState<{ text: string; of: Json | undefined } | null>(null)
  const [error, setError] = useState<string | null>(null)
  const text = typed && sameJson(typed.of, value) ? typed.text : pretty(value)
  const take = (next: string) => {
    const parsed = parse(next)
    setError(parsed.ok ? null : parsed.reason)
    setTyped({ text: next, of: parsed.ok ? parsed.value : value })
    if (parsed.ok) onChange(parsed.value)
  }
  return (
    <>
      <CodeField id={id} kind="json" label={label} value={text} onChange={take} />
      {error ? <p className="field__error">{error}</p> : null}
    </>
  )
}

const pretty = (value: Json | undefined) =>
  value === undefined ? '' : JSON.stringify(value, null, 2)

type Parsed = { ok: true; value: Json | undefined } | { ok: false; reason: string }

function parse(text: string): Parsed {
  if (text.trim() === '') return { ok: true, value: undefined }
  try {
    return { ok: true, value: JSON.parse(text) as Json }
  } catch (error) {
    return {
      ok: false,
      reason: `Not JSON yet: ${error instanceof Error ? error.message : 'it does not parse'}`,
    }
  }
}
