import { Ellipsis, KeyRound, UserMinus } from 'lucide-react'
import { useChangeRole } from '@/api/people'
import type { Member } from '@/api/types'
import { IconButton } from '@/ui/Button'
import { day } from '@/ui/format'
import { Menu } from '@/ui/Menu'
import { Select } from '@/ui/Select'
import { warn } from '@/ui/toast'
import { standingOf } from './people'
import { ROLE_NAMES } from './roles'

interface MemberRowProps {
  member: Member
  isMe: boolean
  /** Whether whoever looks may change people. */
  isOwner: boolean
  /** Whether the workspace needs this one as its owner. */
  isLast: boolean
  onNewLink: () => void
  onRemove: () => void
}

export function MemberRow(props: MemberRowProps) {
  const { member, isMe, isOwner, isLast, onNewLink, onRemove } = props
  return (
    <li className="list__row settings__row settings__row--member">
      <span className="settings__two">
        <span className="truncate">
          <strong>{member.username}</strong> {isMe ? <span className="muted">you</span> : null}
        </span>
        {isOwner ? <Standing member={member} isMe={isMe} /> : null}
      </span>
      {isOwner && !isLast ? (
        <RoleSelect member={member} />
      ) : (
        <span className="badge">{nameOf(member.role)}</span>
      )}
      {isOwner || isMe ? (
        <Menu
          trigger={
            <IconButton
              size="small"
              label={`More for ${member.username}`}
              icon={<Ellipsis size={15} />}
            />
          }
          items={[
            ...(isOwner
              ? [{ label: 'New sign-in link', icon: <KeyRound size={14} />, onSelect: onNewLink }]
              : []),
            {
              label: isMe ? 'Leave' : 'Remove',
              icon: <UserMinus size={14} />,
              danger: true,
              disabled: isLast,
              onSelect: onRemove,
            },
          ]}
        />
      ) : null}
    </li>
  )
}

function Standing({ member, isMe }: { member: Member; isMe: boolean }) {
  switch (standingOf(member)) {
    case 'here':
      return null
    case 'invited':
      return <span className="muted truncate">Invited until {day(member.link_expires_at)}</span>
    case 'stuck':
      return (
        <span className="muted truncate">
          {isMe ? 'Has no password yet' : 'Has no password and no link'}
        </span>
      )
  }
}

const nameOf = (role: Member['role']) => ROLE_NAMES.find(({ value }) => value === role)?.label

function RoleSelect({ member }: { member: Member }) {
  const change = useChangeRole()
  return (
    <Select
      aria-label={`Role of ${member.username}`}
      value={member.role}
      choices={ROLE_NAMES}
      onChange={(role) => {
        change.mutate(
          { id: member.id, role },
          {
            onError: (error) => {
              warn('The role was not changed', error)
            },
          },
        )
      }}
    />
  )
}
