export type Role = 'owner' | 'editor' | 'viewer'

/** What each role may do, the usual choice first. */
export const ROLES: readonly { value: Role; label: string }[] = [
  { value: 'editor', label: 'Editor: run and change' },
  { value: 'viewer', label: 'Viewer: read only' },
  { value: 'owner', label: 'Owner: all of it' },
]

/** The same without the explanations. */
export const ROLE_NAMES: readonly { value: Role; label: string }[] = [
  { value: 'owner', label: 'Owner' },
  { value: 'editor', label: 'Editor' },
  { value: 'viewer', label: 'Viewer' },
]
