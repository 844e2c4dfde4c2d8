import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { request } from './client'
import { useMe } from './queries'
import type { Member, Page, Version, VersionSummary } from './types'

const versions = (workflow: string) => `/api/v1/workflows/${workflow}/versions/`

export const publishWorkflow = (id: string, revision: number) =>
  request<Version>('POST', `/api/v1/workflows/${id}/publish/`, { body: { revision } })

/** The versions of a workflow without their graphs, the newest first. */
export const useVersions = (workflow: string) =>
  useInfiniteQuery({
    queryKey: ['versions', workflow],
    initialPageParam: `${versions(workflow)}?limit=15`,
    queryFn: ({ pageParam, signal }) => request<Page<VersionSummary>>('GET', pageParam, { signal }),
    getNextPageParam: (page) => page.next,
  })

/** One version with its graph: it never changes, so it is asked for once. */
export const useVersion = (workflow: string, version: number | null) =>
  useQuery({
    queryKey: ['version', workflow, version],
    queryFn: ({ signal }) =>
      request<Version>('GET', `${versions(workflow)}${String(version)}/`, { signal }),
    enabled: version !== null,
    staleTime: Infinity,
  })

/** Gives the name of a member of the workspace by the user's id: “you”, or undefined for who left. */
export function useNameOf(): (user: string | null) => string | undefined {
  const me = useMe().data
  const workspace = me?.workspace.id
  const members = useQuery({
    queryKey: ['members', workspace],
    queryFn: ({ signal }) =>
      request<Page<Member>>('GET', `/api/v1/workspaces/${workspace ?? ''}/members/?limit=200`, {
        signal,
      }),
    enabled: workspace !== undefined,
    staleTime: 60_000,
  })
  return (user) =>
    user !== null && user === me?.user?.id
      ? 'you'
      : members.data?.results.find(({ id }) => id === user)?.username
}
