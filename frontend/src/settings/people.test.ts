import { expect, it } from 'vitest'
import type { Member } from '@/api/types'
import { isLastOwner, standingOf } from './people'

const member = (change: Partial<Member>): Member => ({
  id: '1',
  username: 'ada',
  role: 'editor',
  has_password: false,
  link_expires_at: null,
  ...change,
})

it('a member is here with a password, invited while a link is good, else stuck', () => {
  const standings = [
    member({ has_password: true }),
    member({ link_expires_at: '2030-01-03T00:00:00Z' }),
    member({ has_password: true, link_expires_at: '2030-01-03T00:00:00Z' }),
    member({}),
  ].map(standingOf)

  expect(standings).toEqual(['here', 'invited', 'invited', 'stuck'])
})

it('only an owner without another beside them is the last', () => {
  const [ada, bob, cy] = [
    member({ role: 'owner' }),
    member({ id: '2', role: 'owner' }),
    member({ id: '3' }),
  ]

  expect([
    isLastOwner(ada, [ada, cy]),
    isLastOwner(ada, [ada, bob, cy]),
    isLastOwner(cy, [ada, cy]),
  ]).toEqual([true, false, false])
})
