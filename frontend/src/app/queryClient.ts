import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError, hasStatus } from '@/api/errors'

/** Answers that will be the same the next time are not asked for again. */
const mayHelp = (error: unknown) =>
  !(error instanceof ApiError) || error.offline || error.status >= 500

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // A session that ended shows at whatever is asked next: the shell then leads to the sign-in page.
      if (hasStatus(error, 401) && query.queryKey[0] !== 'me')
        void queryClient.resetQueries({ queryKey: ['me'] })
    },
  }),
  defaultOptions: {
    queries: { staleTime: 15_000, retry: (times, error) => times < 2 && mayHelp(error) },
  },
})
