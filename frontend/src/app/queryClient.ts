import { QueryClient } from '@tanstack/react-query'
import { whenSignedOut } from '@/api/client'
import { ApiError } from '@/api/errors'

/** Answers that will be the same the next time are not asked for again. */
const mayHelp = (error: unknown) =>
  !(error instanceof ApiError) || error.offline || error.status >= 500

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: (times, error) => times < 2 && mayHelp(error) },
  },
})

// The frame then asks who is there, hears that nobody is, and leads to the sign-in page.
whenSignedOut(() => void queryClient.resetQueries({ queryKey: ['me'] }))
