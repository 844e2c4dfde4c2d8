import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { request } from './client'
import { useMe } from './queries'
import type { Invited, Member, NewLink, Page } from './types'

/** The address of the members of the workspace that the caller is in. */
function useMembersPath(): string | null {
  const { data: me } = useMe()
  return me ? `/api/v1/workspaces/${me.workspace.id}/members/` : null
}

export function useMembers() {
  const path = useMembersPath()
  return useQuery({
    queryKey: ['members', path],
    queryFn: () => request<Page<Member>>('GET', `${path ?? ''}?limit=200`),
    enabled: path !== null,
  })
}

/** A mutation that may change who belongs, and what the caller themself may do. */
function useMembersMutation<Input, Output>(act: (path: string, input: Input) => Promise<Output>) {
  const path = useMembersPath()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => act(path ?? '', input),
    onSuccess: () =>
      Promise.all([['members'], ['me']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

export const useInvite = () =>
  useMembersMutation((path, body: { name: string; role: string }) =>
    request<Invited>('POST', path, { body }),
  )

export const useChangeRole = () =>
  useMembersMutation((path, { id, role }: { id: string; role: string }) =>
    request<Member>('PATCH', `${path}${id}/`, { body: { role } }),
  )

/** Sends a member away; `me` is the caller, who may always leave. */
export const useRemoveMember = () =>
  useMembersMutation((path, id: string) => request<undefined>('DELETE', `${path}${id}/`))

export const useNewLink = () =>
  useMembersMutation((path, id: string) =>
    request<NewLink>('POST', `${path}${id}/link/`, { body: {} }),
  )
