import type { Member } from '@/api/types'

/** How far a member has come: `here` with a password, `invited` by a link still good, or `stuck` without either. */
export type Standing = 'here' | 'invited' | 'stuck'

export function standingOf(member: Member): Standing {
  if (member.link_expires_at) return 'invited'
  return member.has_password ? 'here' : 'stuck'
}

/** Whether the workspace would be left without an owner if this one went or did less. */
export function isLastOwner(member: Member, members: readonly Member[]): boolean {
  return member.role === 'owner' && !members.some((one) => one !== member && one.role === 'owner')
}
