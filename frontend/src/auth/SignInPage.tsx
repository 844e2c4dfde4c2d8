import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { hasStatus, messageOf } from '@/api/errors'
import { signIn } from '@/api/settings'
import { Button } from '@/ui/Button'
import { Field, TextInput } from '@/ui/Field'
import { Logo } from '@/ui/Logo'
import './auth.css'

export function SignInPage() {
  const [query] = useSearchParams()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const navigate = useNavigate()
  const client = useQueryClient()
  const attempt = useMutation({
    mutationFn: () => signIn(username, password),
    onSuccess: () => {
      client.clear()
      void navigate(pathIn(query.get('next')), { replace: true })
    },
  })
  return (
    <main className="sign-in">
      <div className="sign-in__box">
        <Logo size={34} />
        <h1>Sign in to Wireloom</h1>
        <form
          className="form"
          aria-label="Sign in"
          onSubmit={(event) => {
            event.preventDefault()
            attempt.mutate()
          }}
        >
          <Field label="Username">
            {(ids) => (
              <TextInput
                {...ids}
                name="username"
                autoComplete="username"
                autoCapitalize="none"
                required
                value={username}
                onChange={(event) => {
                  setUsername(event.target.value)
                }}
              />
            )}
          </Field>
          <Field label="Password" error={attempt.error ? refusal(attempt.error) : undefined}>
            {(ids) => (
              <TextInput
                {...ids}
                type="password"
                name="password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => {
                  setPassword(event.target.value)
                }}
              />
            )}
          </Field>
          <Button type="submit" variant="primary" size="large" busy={attempt.isPending}>
            Sign in
          </Button>
        </form>
        <p className="sign-in__note">
          No password, or forgotten? An owner of your workspace can make you a sign-in link under
          Settings, People. The first owner finds one in the terminal, at each start until a
          password is set.
        </p>
      </div>
    </main>
  )
}

function refusal(error: unknown): string {
  if (hasStatus(error, 401)) return 'That username and password do not fit.'
  if (hasStatus(error, 429)) return 'Too many attempts. Wait a minute, then try again.'
  return messageOf(error)
}

/** A path on this site, whatever the address asks for. */
function pathIn(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/'
}
