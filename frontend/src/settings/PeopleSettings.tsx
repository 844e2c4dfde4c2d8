import { useState } from 'react'
import { messageOf } from '@/api/errors'
import { useInvite, useMembers, useNewLink } from '@/api/people'
import { useMe } from '@/api/queries'
import { Button } from '@/ui/Button'
import { Field, TextInput } from '@/ui/Field'
import { Select } from '@/ui/Select'
import { Skeleton } from '@/ui/signs'
import { say, warn } from '@/ui/toast'
import type { Member } from '@/api/types'
import { Listing } from './Listing'
import { MemberRow } from './MemberRow'
import { isLastOwner } from './people'
import { RemoveMember } from './RemoveMember'
import type { Role } from './roles'
import { ROLES } from './roles'
import { Secret } from './Secret'

/** A link to pass on, and whom it lets in. */
interface Pass {
  name: string
  link: string
}

export function PeopleSettings() {
  const { data: me } = useMe()
  const members = useMembers()
  const newLink = useNewLink()
  const [leaving, setLeaving] = useState<Member | null>(null)
  const [pass, setPass] = useState<Pass | null>(null)
  if (!me) return <Skeleton height={140} />
  const isOwner = me.role === 'owner'
  const everyone = members.data?.results ?? []
  const onNewLink = (member: Member) => {
    newLink.mutate(member.id, {
      onSuccess: ({ link }) => {
        setPass({ name: member.username, link })
      },
      onError: (error) => {
        warn('No link was made', error)
      },
    })
  }
  return (
    <>
      <p className="settings__lead">
        Who works in <strong>{me.workspace.name}</strong>.{' '}
        {isOwner
          ? 'Editors change and run workflows, viewers look at them, owners also decide who belongs.'
          : 'Its owners decide who belongs.'}
      </p>
      {isOwner ? <Invite onPass={setPass} /> : null}
      {pass ? (
        <Secret
          value={pass.link}
          note={`Pass this link on to ${pass.name}: it signs them in once, within a week. It is not shown again.`}
        />
      ) : null}
      <Listing query={members} label="People" empty={<NobodyElse />}>
        {(member) => (
          <MemberRow
            key={member.id}
            member={member}
            isMe={member.id === me.user?.id}
            isOwner={isOwner}
            isLast={isLastOwner(member, everyone)}
            onNewLink={() => {
              onNewLink(member)
            }}
            onRemove={() => {
              setLeaving(member)
            }}
          />
        )}
      </Listing>
      {isOwner && everyone.length === 1 ? <NobodyElse /> : null}
      <RemoveMember
        member={leaving}
        isMe={leaving?.id === me.user?.id}
        onClose={() => {
          setLeaving(null)
        }}
      />
    </>
  )
}

function NobodyElse() {
  return (
    <p className="settings__empty muted">
      Nobody else belongs here yet. Invite somebody by a name; you pass the link on yourself.
    </p>
  )
}

function Invite({ onPass }: { onPass: (pass: Pass | null) => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('editor')
  const invite = useInvite()
  const onSubmit = () => {
    invite.mutate(
      { name, role },
      {
        onSuccess: ({ username, link }) => {
          setName('')
          onPass(link === null ? null : { name: username, link })
          if (link === null) say(`${username} belongs to this workspace now`)
        },
      },
    )
  }
  return (
    <form
      className="settings__form card-box"
      aria-label="Invite"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <Field label="Name" error={invite.error ? messageOf(invite.error) : undefined}>
        {(ids) => (
          <TextInput
            {...ids}
            required
            maxLength={120}
            value={name}
            placeholder="ada, or ada@example.com"
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
      <Button type="submit" variant="primary" busy={invite.isPending}>
        Invite
      </Button>
    </form>
  )
}
