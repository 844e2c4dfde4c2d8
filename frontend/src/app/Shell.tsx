import { Activity, LogOut, Moon, Settings, Sun, SunMoon, Workflow } from 'lucide-react'
import { NavLink, Outlet } from 'react-router'
import { useMe } from '@/api/queries'
import { signOut } from '@/api/settings'
import { openCommandMenu } from '@/ui/commandMenu'
import { IconButton } from '@/ui/Button'
import { Logo } from '@/ui/Logo'
import { Menu } from '@/ui/Menu'
import { Keys } from '@/ui/signs'
import type { Theme } from '@/ui/theme'
import { setTheme, useTheme } from '@/ui/theme'
import './shell.css'
import { queryClient } from './queryClient'

const PLACES = [
  { to: '/', label: 'Workflows', icon: <Workflow size={16} /> },
  { to: '/runs', label: 'Runs', icon: <Activity size={16} /> },
  { to: '/settings', label: 'Settings', icon: <Settings size={16} /> },
]

/** The frame of every page but the canvas. */
export function Shell() {
  const { data: me } = useMe()
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <nav className="sidebar" aria-label="Main">
        <NavLink to="/" className="sidebar__brand">
          <Logo />
          <span>Wireloom</span>
        </NavLink>
        <button type="button" className="sidebar__search" onClick={openCommandMenu}>
          Search or do <span className="spacer" />
          <Keys keys="Mod+K" />
        </button>
        <ul className="sidebar__places">
          {PLACES.map(({ to, label, icon }) => (
            <li key={to}>
              <NavLink to={to} end={to === '/'} className="sidebar__link">
                {icon}
                <span>{label}</span>
              </NavLink>
            </li>
          ))}
        </ul>
        <span className="spacer" />
        <div className="sidebar__foot">
          <div className="sidebar__who">
            <span className="avatar" aria-hidden="true">
              {(me?.user?.username ?? '?').charAt(0).toUpperCase()}
            </span>
            <span className="truncate">
              <span className="truncate sidebar__name">{me?.user?.username}</span>
              <span className="truncate muted sidebar__space">{me?.workspace.name}</span>
            </span>
          </div>
          <ThemeMenu />
          <IconButton
            label="Sign out"
            size="small"
            icon={<LogOut size={15} />}
            onClick={() => void leave()}
          />
        </div>
      </nav>
      <div id="content" className="shell__content" tabIndex={-1}>
        <Outlet />
      </div>
    </div>
  )
}

async function leave() {
  await signOut()
  queryClient.clear()
  location.assign('/sign-in/')
}

const THEMES: Record<Theme, { label: string; icon: React.ReactNode }> = {
  system: { label: 'Like the system', icon: <SunMoon size={15} /> },
  light: { label: 'Light', icon: <Sun size={15} /> },
  dark: { label: 'Dark', icon: <Moon size={15} /> },
}

function ThemeMenu() {
  const theme = useTheme()
  return (
    <Menu
      trigger={
        <IconButton
          label={`Colours: ${THEMES[theme].label}`}
          size="small"
          icon={THEMES[theme].icon}
        />
      }
      items={(Object.keys(THEMES) as Theme[]).map((each) => ({
        ...THEMES[each],
        onSelect: () => {
          setTheme(each)
        },
      }))}
    />
  )
}
