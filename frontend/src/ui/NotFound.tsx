import { Compass } from 'lucide-react'
import { Link } from 'react-router'
import { EmptyState } from './states'

export function NotFound({ what = 'page' }: { what?: string }) {
  return (
    <main className="page">
      <EmptyState
        icon={<Compass size={18} />}
        title={`There is no such ${what}`}
        actions={
          <Link className="button" data-variant="default" to="/">
            All workflows
          </Link>
        }
      >
        It was archived, or the address is not quite right.
      </EmptyState>
    </main>
  )
}
