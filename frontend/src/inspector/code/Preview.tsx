import { useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { evaluate } from '@/api/queries'
import type { Json, JsonObject } from '@/graph/json'
import { fill, segmentsOf } from '@/graph/template'
import { messageOf } from '@/api/errors'
import { useDebounced } from '@/ui/useDebounced'
import { useCodeScope } from './ScopeContext'

interface PreviewProps {
  kind: 'template' | 'expression'
  text: string
}

/** What the text gives with the values of the last run, as it is typed. */
export function Preview({ kind, text }: PreviewProps) {
  const { values } = useCodeScope()
  const settled = useDebounced(useDeferredValue(text), 300)
  const segments = kind === 'template' ? segmentsOf(settled) : [{ expression: settled.trim() }]
  const expressions = segments.flatMap((segment) =>
    'expression' in segment ? [segment.expression] : [],
  )
  const wanted = values !== null && expressions.some((expression) => expression !== '')
  const { data, error } = useQuery({
    queryKey: ['preview', kind, settled, values],
    queryFn: ({ signal }) => valuesOf(expressions, values ?? {}, signal),
    enabled: wanted,
    retry: false,
    staleTime: Infinity,
    placeholderData: (before) => before,
  })
  if (!wanted) return null
  if (error)
    return (
      <p className="preview" data-tone="bad">
        {messageOf(error)}
      </p>
    )
  if (!data) return null
  const shown = kind === 'template' ? fill(segments, data) : JSON.stringify(data[0] ?? null)
  return (
    <p className="preview" title="With the values of the last run">
      <span className="visually-hidden">Gives: </span>
      {shown.slice(0, 400)}
    </p>
  )
}

/** All the expressions of a text in one question: as a list. */
async function valuesOf(
  expressions: string[],
  values: JsonObject,
  signal: AbortSignal,
): Promise<Json[]> {
  const { value } = await evaluate(`[${expressions.join(', ')}]`, values, signal)
  return Array.isArray(value) ? value : [value]
}
