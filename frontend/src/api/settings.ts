import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { request } from './client'
import type { Credential, NewToken, Page, Token } from './types'

const TOKENS = '/api/v1/tokens/'
const CREDENTIALS = '/api/v1/credentials/'

export const useTokens = () =>
  useQuery({ queryKey: ['tokens'], queryFn: () => request<Page<Token>>('GET', TOKENS) })

export const useCredentials = () =>
  useQuery({
    queryKey: ['credentials'],
    queryFn: () => request<Page<Credential>>('GET', CREDENTIALS),
  })

/** A mutation after which the list under `key` is asked for again. */
function useListMutation<Input, Output>(key: string, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () => client.invalidateQueries({ queryKey: [key] }),
  })
}

export const useCreateToken = () =>
  useListMutation('tokens', (body: { name: string; role: string; expires_at?: string }) =>
    request<NewToken>('POST', TOKENS, { body }),
  )

export const useRevokeToken = () =>
  useListMutation('tokens', (id: string) => request<undefined>('DELETE', `${TOKENS}${id}/`))

export interface NewCredential {
  name: string
  provider: string
  secret: string
  base_url?: string
}

export const useCreateCredential = () =>
  useListMutation('credentials', (body: NewCredential) =>
    request<Credential>('POST', CREDENTIALS, { body }),
  )

export const useDeleteCredential = () =>
  useListMutation('credentials', (id: string) =>
    request<undefined>('DELETE', `${CREDENTIALS}${id}/`),
  )

export interface CredentialTest {
  ok: boolean
  error: { code: string; message: string } | null
}

export const useTestCredential = () =>
  useMutation({
    mutationFn: (id: string) =>
      request<CredentialTest>('POST', `${CREDENTIALS}${id}/test/`, { body: {} }),
  })

export function useSetPassword() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { password: string; current?: string }) =>
      request<undefined>('POST', '/api/v1/me/password/', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['me'] }),
  })
}

export const signIn = (username: string, password: string) =>
  request<undefined>('POST', '/sign-in/', { body: { username, password } })

export const signOut = () => request<undefined>('POST', '/sign-out/', { body: {} })
