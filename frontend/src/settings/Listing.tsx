import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Page } from '@/api/types'
import { Skeleton } from '@/ui/signs'
import { ErrorState } from '@/ui/states'

interface ListingProps<Row> {
  query: UseQueryResult<Page<Row>>
  /** What the rows are, as in “Tokens”. */
  label: string
  /** Stands where there are no rows. */
  empty: ReactNode
  children: (row: Row) => ReactNode
}

/** A list of the server's, in whichever state it is. */
export function Listing<Row>({ query, label, empty, children }: ListingProps<Row>) {
  if (query.error)
    return (
      <ErrorState
        title={`${label} could not be loaded`}
        error={query.error}
        retry={() => void query.refetch()}
      />
    )
  if (!query.data) return <Skeleton height={110} />
  if (query.data.results.length === 0) return empty
  return (
    <ul className="card-box list" aria-label={label}>
      {query.data.results.map(children)}
    </ul>
  )
}
