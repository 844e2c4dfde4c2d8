import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { messageOf } from '@/api/errors'
import { useCreateToken, useRevokeToken, useTokens } from '@/api/settings'
import type { Token } from '@/api/types'
import { Button } from '@/ui/Button'
import { Confirm } from '@/ui/Confirm'
import { Field, TextInput } from '@/ui/Field'
import { ago } from '@/ui/format'
import { Select } from '@/ui/Select'
import { EmptyState } from '@/ui/states'
import { warn } from '@/ui/toast'
import { Listing } from './Listing'
import type { Role } from './roles'
import { ROLES } from './roles'
import { Secret } from './Secret'

export function TokenSettings() {
  const tokens = useTokens()
  const [leaving, setLeaving] = useState<Token | null>(null)
  return (
    <>
      <p className="settings__lead">
        A token lets a program act for this workspace: <code>Authorization: Bearer wl_…</code>
      </p>
      <NewToken />
      <Listing
        query={tokens}
        label="Tokens"
        empty={
          <EmptyState icon={<KeyRound size={18} />} title="No tokens yet">
            Make one for each program, so that each can be revoked alone.
          </EmptyState>
        }
      >
        {(token) => (
          <li key={token.id} className="list__row settings__row">
            <span className="truncate">
              <strong>{token.name}</strong> <code className="muted">…{token.last_four}</code>
            </span>
            <span className="badge">{token.role}</span>
            <span className="muted settings__when">
              {token.last_used_at ? `used ${ago(token.last_used_at)}` : 'never used'}
            </span>
            <Button
              size="small"
              onClick={() => {
                setLeaving(token)
              }}
            >
              Revoke
            </Button>
          </li>
        )}
      </Listing>
      <RevokeDialog
        token={leaving}
        onClose={() => {
          setLeaving(null)
        }}
      />
    </>
  )
}

function NewToken() {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('editor')
  const create = useCreateToken()
  const made = create.data?.token
  return (
    <>
      <form
        className="settings__form card-box"
        aria-label="New token"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate(
            { name, role },
            {
              onSuccess: () => {
                setName('')
              },
            },
          )
        }}
      >
        <Field label="Name" error={create.error ? messageOf(create.error) : undefined}>
          {(ids) => (
            <TextInput
              {...ids}
              required
              value={name}
              placeholder="CI, or the name of the program"
              onChange={(event) => {
                setName(event.target.value)
              }}
            />
          )}
        </Field>
        <Field label="Role">
          {({ id }) => (
            <Select id={id} aria-label="Role" value={role} choices={ROLES} onChange={setRole} />
          )}
        </Field>
        <Button type="submit" variant="primary" busy={create.isPending}>
          Make a token
        </Button>
      </form>
      {made ? <Secret value={made} /> : null}
    </>
  )
}

function RevokeDialog({ token, onClose }: { token: Token | null; onClose: () => void }) {
  const revoke = useRevokeToken()
  return (
    <Confirm
      open={token !== null}
      onClose={onClose}
      title={`Revoke ${token?.name ?? ''}?`}
      action="Revoke"
      busy={revoke.isPending}
      onConfirm={() => {
        if (!token) return
        revoke.mutate(token.id, {
          onSettled: onClose,
          onError: (error) => {
            warn('It was not revoked', error)
          },
        })
      }}
    >
      The program that uses it is refused from the next request on.
    </Confirm>
  )
}
