import { Popover } from '@base-ui/react/popover'
import { Eye, History, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { VersionSummary } from '@/api/types'
import { useNameOf, useVersion, useVersions } from '@/api/versions'
import { compare, wordsFor } from '@/graph/compare'
import { messageOf } from '@/api/errors'
import { Button, IconButton } from '@/ui/Button'
import { ago, moment } from '@/ui/format'
import { Skeleton } from '@/ui/signs'
import { graphOf, useEditor, useEditorStore } from './editorStore'
import { useRestore } from './useRestore'
import './versions.css'

interface VersionsMenuProps {
  /** The version that runs from outside use; null before the first. */
  live: number | null
  /** How the draft stands to it. */
  state: string
  differs: boolean
}

/** Says how the draft stands to what is published, and opens the list of all that was. */
export function VersionsMenu({ live, state, differs }: VersionsMenuProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className="button versions-button"
        data-variant="ghost"
        data-differs={differs}
        aria-label={`Versions: ${state}`}
        title="Versions"
      >
        <History size={15} />
        <span className="versions-button__state">{state}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="popup-layer" sideOffset={6} align="end" collisionPadding={8}>
          <Popover.Popup className="popup versions">
            <Popover.Title className="versions__title">Versions</Popover.Title>
            <p className="versions__lead">Each with how it differs from the draft.</p>
            <Versions
              live={live}
              close={() => {
                setOpen(false)
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Versions({ live, close }: { live: number | null; close: () => void }) {
  const workflow = useEditor((state) => state.workflow)
  const list = useVersions(workflow)
  const rows = list.data?.pages.flatMap((page) => page.results)
  if (list.error)
    return (
      <p className="versions__note" role="alert">
        {messageOf(list.error)}
      </p>
    )
  if (!rows) return <Skeleton height={96} />
  if (rows.length === 0)
    return (
      <p className="versions__note">
        None yet. What you publish is kept here as it was, and is what runs from outside use; the
        draft stays yours to change.
      </p>
    )
  return (
    <>
      <ol className="versions__list" aria-label="Published versions">
        {rows.map((row) => (
          <VersionRow key={row.version} row={row} live={row.version === live} close={close} />
        ))}
      </ol>
      {list.hasNextPage ? (
        <Button
          variant="ghost"
          className="versions__more"
          busy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Older versions
        </Button>
      ) : null}
    </>
  )
}

interface VersionRowProps {
  row: VersionSummary
  live: boolean
  close: () => void
}

function VersionRow({ row, live, close }: VersionRowProps) {
  const store = useEditorStore()
  const draft = useEditor(graphOf)
  const viewing = useEditor((state) => state.viewing)
  const restore = useRestore()
  const nameOf = useNameOf()
  const { data } = useVersion(store.getState().workflow, row.version)
  const difference = data ? compare(draft, data.graph) : undefined
  const number = String(row.version)
  const author = nameOf(row.created_by)
  return (
    <li className="version" aria-current={viewing === row.version}>
      <span className="version__number tabular">v{number}</span>
      <div className="version__text">
        <p className="row">
          <time dateTime={row.created_at} title={moment(row.created_at)}>
            {ago(row.created_at)}
          </time>
          {author ? <span className="muted truncate">by {author}</span> : null}
          {live ? (
            <span className="badge" data-tone="ok">
              Live
            </span>
          ) : null}
        </p>
        <p className="version__difference">
          {difference === undefined ? 'Comparing…' : wordsFor(difference)}
        </p>
      </div>
      <IconButton
        label={`Look at version ${number}`}
        icon={<Eye size={15} />}
        onClick={() => {
          store.getState().show({ viewing: row.version })
          close()
        }}
      />
      <IconButton
        label={`Restore version ${number}`}
        icon={<RotateCcw size={14} />}
        disabled={!data || difference === null}
        onClick={() => {
          if (data) restore(data)
          close()
        }}
      />
    </li>
  )
}
