import { useState } from 'react'
import { ApiError, messageOf } from '@/api/errors'
import { useMe } from '@/api/queries'
import { useSetPassword } from '@/api/settings'
import { Button } from '@/ui/Button'
import { Field, TextInput } from '@/ui/Field'
import { Skeleton } from '@/ui/signs'
import { say } from '@/ui/toast'

const SHORTEST = 10

export function AccountSettings() {
  const { data: me } = useMe()
  if (!me?.user) return <Skeleton height={140} />
  return (
    <>
      <p className="settings__lead">
        You are <strong>{me.user.username}</strong>.{' '}
        {me.user.has_password
          ? 'Your password signs you in on any machine that reaches this server.'
          : 'You came by a one-time link, which works no more. Set a password, so that you can come back.'}
      </p>
      <PasswordForm asksForCurrent={me.user.has_password} />
    </>
  )
}

function PasswordForm({ asksForCurrent }: { asksForCurrent: boolean }) {
  const [password, setPassword] = useState('')
  const [current, setCurrent] = useState('')
  const save = useSetPassword()
  const fields = save.error instanceof ApiError ? save.error.fields : {}
  const clear = () => {
    setPassword('')
    setCurrent('')
    say('The password is set')
  }
  return (
    <form
      className="settings__form card-box"
      aria-label="Password"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ password, ...(asksForCurrent ? { current } : {}) }, { onSuccess: clear })
      }}
    >
      {asksForCurrent ? (
        <Field label="Current password" error={fields.current}>
          {(ids) => (
            <TextInput
              {...ids}
              type="password"
              autoComplete="current-password"
              required
              value={current}
              onChange={(event) => {
                setCurrent(event.target.value)
              }}
            />
          )}
        </Field>
      ) : null}
      <Field
        label="New password"
        hint={`At least ${String(SHORTEST)} characters.`}
        error={save.error && !fields.current ? messageOf(save.error) : undefined}
      >
        {(ids) => (
          <TextInput
            {...ids}
            type="password"
            autoComplete="new-password"
            minLength={SHORTEST}
            required
            value={password}
            onChange={(event) => {
              setPassword(event.target.value)
            }}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" busy={save.isPending}>
        {asksForCurrent ? 'Change the password' : 'Set the password'}
      </Button>
    </form>
  )
}
