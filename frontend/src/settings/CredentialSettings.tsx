import { LockKeyhole } from 'lucide-react'
import { useState } from 'react'
import { ApiError, messageOf } from '@/api/errors'
import {
  useCreateCredential,
  useCredentials,
  useDeleteCredential,
  useTestCredential,
} from '@/api/settings'
import type { Credential } from '@/api/types'
import { Button } from '@/ui/Button'
import { Confirm } from '@/ui/Confirm'
import { Field, TextInput } from '@/ui/Field'
import { Select } from '@/ui/Select'
import { EmptyState } from '@/ui/states'
import { say, warn } from '@/ui/toast'
import { Listing } from './Listing'

const PROVIDERS = [
  ['openai', 'OpenAI'],
  ['anthropic', 'Anthropic'],
  ['gemini', 'Google Gemini'],
  ['mistral', 'Mistral'],
  ['groq', 'Groq'],
  ['openrouter', 'OpenRouter'],
  ['deepseek', 'DeepSeek'],
  ['azure', 'Azure OpenAI'],
  ['ollama', 'Ollama'],
  ['custom', 'Another OpenAI-compatible server'],
].map(([value = '', label = '']) => ({ value, label }))

export function CredentialSettings() {
  const credentials = useCredentials()
  const [leaving, setLeaving] = useState<Credential | null>(null)
  return (
    <>
      <p className="settings__lead">
        A provider’s key, encrypted here and bound to its host. Nobody can read it back, nodes and
        exports only name it.
      </p>
      <NewCredential />
      <Listing
        query={credentials}
        label="Credentials"
        empty={
          <EmptyState icon={<LockKeyhole size={18} />} title="No credentials yet">
            Everything runs on the local model until you add a key here.
          </EmptyState>
        }
      >
        {(credential) => (
          <CredentialRow
            key={credential.id}
            credential={credential}
            onDelete={() => {
              setLeaving(credential)
            }}
          />
        )}
      </Listing>
      <DeleteDialog
        credential={leaving}
        onClose={() => {
          setLeaving(null)
        }}
      />
    </>
  )
}

function CredentialRow({ credential, onDelete }: { credential: Credential; onDelete: () => void }) {
  const test = useTestCredential()
  const onTest = () => {
    test.mutate(credential.id, {
      onSuccess: ({ ok, error }) => {
        if (ok) say(`${credential.name} works`)
        else warn(`${credential.name} was refused`, error ? new Error(error.message) : undefined)
      },
      onError: (error) => {
        warn(`${credential.name} could not be tested`, error)
      },
    })
  }
  return (
    <li className="list__row settings__row">
      <span className="truncate">
        <strong>{credential.name}</strong> <span className="muted">{credential.host}</span>
      </span>
      <span className="badge">{credential.provider}</span>
      <code className="muted settings__when">…{credential.last_four}</code>
      <span className="row">
        <Button size="small" busy={test.isPending} onClick={onTest}>
          Test
        </Button>
        <Button size="small" onClick={onDelete}>
          Delete
        </Button>
      </span>
    </li>
  )
}

const EMPTY = { name: '', provider: 'openai', secret: '', base_url: '' }

function NewCredential() {
  const [form, setForm] = useState(EMPTY)
  const create = useCreateCredential()
  const fields = create.error instanceof ApiError ? create.error.fields : {}
  const set = (change: Partial<typeof EMPTY>) => {
    setForm({ ...form, ...change })
  }
  const { base_url: base, ...rest } = form
  return (
    <form
      className="settings__form card-box"
      aria-label="New credential"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate(
          { ...rest, ...(base ? { base_url: base } : {}) },
          {
            onSuccess: () => {
              setForm(EMPTY)
            },
          },
        )
      }}
    >
      <Field label="Name" error={fields.name}>
        {(ids) => (
          <TextInput
            {...ids}
            required
            value={form.name}
            placeholder="openai"
            onChange={(event) => {
              set({ name: event.target.value })
            }}
          />
        )}
      </Field>
      <Field label="Provider" error={fields.provider}>
        {({ id }) => (
          <Select
            id={id}
            aria-label="Provider"
            value={form.provider}
            choices={PROVIDERS}
            onChange={(provider) => {
              set({ provider })
            }}
          />
        )}
      </Field>
      <Field label="Secret" error={fields.secret}>
        {(ids) => (
          <TextInput
            {...ids}
            type="password"
            autoComplete="off"
            required
            value={form.secret}
            placeholder="sk-…"
            onChange={(event) => {
              set({ secret: event.target.value })
            }}
          />
        )}
      </Field>
      <Field label="Base URL" error={fields.base_url}>
        {(ids) => (
          <TextInput
            {...ids}
            type="url"
            value={base}
            placeholder="The provider’s own"
            onChange={(event) => {
              set({ base_url: event.target.value })
            }}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" busy={create.isPending}>
        Add the credential
      </Button>
      {create.error && Object.keys(fields).length === 0 ? (
        <p className="field__error">{messageOf(create.error)}</p>
      ) : null}
    </form>
  )
}

function DeleteDialog({
  credential,
  onClose,
}: {
  credential: Credential | null
  onClose: () => void
}) {
  const remove = useDeleteCredential()
  return (
    <Confirm
      open={credential !== null}
      onClose={onClose}
      title={`Delete ${credential?.name ?? ''}?`}
      action="Delete"
      busy={remove.isPending}
      onConfirm={() => {
        if (!credential) return
        remove.mutate(credential.id, {
          onSettled: onClose,
          onError: (error) => {
            warn('It was not deleted', error)
          },
        })
      }}
    >
      Nodes that name it fail from their next call on. The key itself stays valid at its provider.
    </Confirm>
  )
}
