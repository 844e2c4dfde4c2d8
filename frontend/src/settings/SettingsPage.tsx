import { NavLink, Navigate, useParams } from 'react-router'
import { useEffect } from 'react'
import { AccountSettings } from './AccountSettings'
import { CredentialSettings } from './CredentialSettings'
import { ModelSettings } from './ModelSettings'
import { PeopleSettings } from './PeopleSettings'
import { TokenSettings } from './TokenSettings'
import './settings.css'

const SECTIONS = {
  credentials: { label: 'Credentials', Page: CredentialSettings },
  models: { label: 'Models', Page: ModelSettings },
  tokens: { label: 'Tokens', Page: TokenSettings },
  people: { label: 'People', Page: PeopleSettings },
  account: { label: 'Account', Page: AccountSettings },
}

export function SettingsPage() {
  const { section = '' } = useParams()
  useEffect(() => {
    document.title = 'Settings – Wireloom'
  }, [])
  if (!Object.hasOwn(SECTIONS, section)) return <Navigate to="/settings/credentials" replace />
  const { Page } = SECTIONS[section as keyof typeof SECTIONS]
  return (
    <main className="page settings">
      <header className="page__head">
        <h1>Settings</h1>
      </header>
      <nav className="settings__nav" aria-label="Settings">
        {Object.entries(SECTIONS).map(([id, { label }]) => (
          <NavLink key={id} to={`/settings/${id}`} className="tabs__tab settings__link">
            {label}
          </NavLink>
        ))}
      </nav>
      <Page />
    </main>
  )
}
