import { Dialog } from '@base-ui/react/dialog'
import { useEffect, useMemo } from 'react'
import { useNavigate } from 'react-router'
import { useWorkflows } from '@/api/queries'
import type { MenuCommand } from '@/ui/commandMenu'
import { closeCommandMenu, toggleCommandMenu, useCommandMenu } from '@/ui/commandMenu'
import { SearchList } from '@/ui/SearchList'
import { Keys } from '@/ui/signs'
import { setTheme } from '@/ui/theme'

/** Everything that can be gone to or done, by name. */
export function CommandMenu() {
  const { open } = useCommandMenu()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      toggleCommandMenu()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => {
      window.removeEventListener('keydown', onKeyDown)
    }
  }, [])
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) closeCommandMenu()
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog command-menu" aria-label="Commands">
          <Commands />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Commands() {
  const { commands } = useCommandMenu()
  const places = usePlaces()
  const items = useMemo(
    () =>
      [...[...commands.values()].flat(), ...places].map((item) => ({
        ...item,
        aside: item.keys ? <Keys keys={item.keys} /> : undefined,
      })),
    [commands, places],
  )
  return (
    <SearchList
      label="Commands"
      placeholder="Go to, add, do…"
      items={items}
      autoFocus
      onPick={(item) => {
        closeCommandMenu()
        item.run()
      }}
    />
  )
}

function usePlaces(): MenuCommand[] {
  const navigate = useNavigate()
  const workflows = useWorkflows()
  return useMemo(() => {
    const go = (label: string, to: string, group: string): MenuCommand => ({
      id: `to:${to}`,
      label,
      group,
      run: () => void navigate(to),
    })
    const recent = workflows.data?.pages.flatMap((page) => page.results) ?? []
    return [
      go('Workflows', '/', 'Go to'),
      go('Runs', '/runs', 'Go to'),
      go('Tokens', '/settings/tokens', 'Go to'),
      go('Credentials', '/settings/credentials', 'Go to'),
      go('Models', '/settings/models', 'Go to'),
      ...recent.map((workflow) => go(workflow.name, `/workflows/${workflow.id}`, 'Workflows')),
      {
        id: 'theme:light',
        label: 'Light colours',
        group: 'Colours',
        run: () => {
          setTheme('light')
        },
      },
      {
        id: 'theme:dark',
        label: 'Dark colours',
        group: 'Colours',
        run: () => {
          setTheme('dark')
        },
      },
      {
        id: 'theme:system',
        label: 'Colours of the system',
        group: 'Colours',
        run: () => {
          setTheme('system')
        },
      },
    ]
  }, [navigate, workflows.data])
}
