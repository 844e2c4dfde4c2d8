import { useRemoveMember } from '@/api/people'
import type { Member } from '@/api/types'
import { Confirm } from '@/ui/Confirm'
import { warn } from '@/ui/toast'

interface RemoveMemberProps {
  /** Who is to go; null while nobody is. */
  member: Member | null
  isMe: boolean
  onClose: () => void
}

export function RemoveMember({ member, isMe, onClose }: RemoveMemberProps) {
  const remove = useRemoveMember()
  return (
    <Confirm
      open={member !== null}
      onClose={onClose}
      title={isMe ? 'Leave this workspace?' : `Remove ${member?.username ?? ''}?`}
      action={isMe ? 'Leave' : 'Remove'}
      keep={isMe ? 'Stay' : 'Keep them'}
      busy={remove.isPending}
      onConfirm={() => {
        if (!member) return
        remove.mutate(isMe ? 'me' : member.id, {
          onSettled: onClose,
          onError: (error) => {
            warn('Nobody was removed', error)
          },
        })
      }}
    >
      {isMe
        ? 'You are out at once, and the tokens that you made here stop working.'
        : 'They are out at once, and the tokens that they made here stop working. Workflows and runs stay.'}
    </Confirm>
  )
}
