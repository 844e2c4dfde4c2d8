import { useRouteError } from 'react-router'
import { ErrorState } from '@/ui/states'

/** What is left when a page itself breaks, a chunk of a newer build that is gone included. */
export function Failure() {
  const error = useRouteError()
  return (
    <main className="page">
      <ErrorState
        title="This page broke"
        error={error}
        retry={() => {
          location.reload()
        }}
      />
    </main>
  )
}
