import { Navigate, Outlet, useLocation } from 'react-router'
import { hasStatus } from '@/api/errors'
import { useMe } from '@/api/queries'
import { CommandMenu } from './CommandMenu'
import { ErrorState } from '@/ui/states'

/** Lets in who is signed in; leads everyone else to the sign-in page, and back afterwards. */
export function SignedIn() {
  const me = useMe()
  const { pathname, search } = useLocation()
  if (hasStatus(me.error, 401) || hasStatus(me.error, 403)) {
    return <Navigate to={`/sign-in/?next=${encodeURIComponent(pathname + search)}`} replace />
  }
  if (me.error && !me.data) {
    return (
      <ErrorState
        title="Wireloom does not answer"
        error={me.error}
        retry={() => void me.refetch()}
      />
    )
  }
  if (!me.data) return null
  return (
    <>
      <Outlet />
      <CommandMenu />
    </>
  )
}
