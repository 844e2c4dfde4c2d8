import { useEffect } from 'react'
import type { Actions } from './useActions'

export interface ShortcutTargets extends Actions {
  add: () => void
  run: () => void
  save: () => void
}

/** Every key of the canvas. `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
export const SHORTCUTS: Readonly<Record<string, (on: ShortcutTargets) => void>> = {
  'Mod+z': (on) => {
    on.undo()
  },
  'Mod+Shift+z': (on) => {
    on.redo()
  },
  'Mod+y': (on) => {
    on.redo()
  },
  'Mod+a': (on) => {
    on.selectAll()
  },
  'Mod+d': (on) => {
    on.duplicate()
  },
  'Mod+s': (on) => {
    on.save()
  },
  'Mod+Enter': (on) => {
    on.run()
  },
  Delete: (on) => {
    on.removeSelected()
  },
  Backspace: (on) => {
    on.removeSelected()
  },
  Escape: (on) => {
    on.clear()
  },
  '/': (on) => {
    on.add()
  },
  c: (on) => {
    on.startConnecting()
  },
  l: (on) => {
    on.layout()
  },
  o: (on) => {
    on.toggleOutline()
  },
  p: (on) => {
    on.toggleProblems()
  },
  '1': (on) => {
    on.fit()
  },
  '0': (on) => {
    on.zoom(1)
  },
  '+': (on) => {
    on.zoomBy('in')
  },
  '=': (on) => {
    on.zoomBy('in')
  },
  '-': (on) => {
    on.zoomBy('out')
  },
  'Alt+ArrowLeft': (on) => {
    on.toParent()
  },
  'Alt+ArrowRight': (on) => {
    on.toChild()
  },
}

/** What works in the middle of typing too. */
const EVERYWHERE: ReadonlySet<string> = new Set(['Mod+s', 'Mod+Enter'])

/** What would surprise where the focus is not on the canvas: on a tab of the inspector, say. */
const ON_CANVAS: ReadonlySet<string> = new Set(['Delete', 'Backspace', 'Escape'])

export function useShortcuts(targets: ShortcutTargets): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const chord = chordOf(event)
      const act = SHORTCUTS[chord]
      if (!act) return
      if (!EVERYWHERE.has(chord) && (isTyping(event) || isElsewhere(event))) return
      if (ON_CANVAS.has(chord) && !isOnCanvas(event)) return
      event.preventDefault()
      event.stopPropagation()
      act(targets)
    }
    // Before React Flow, which takes arrow keys with Alt for moves as well.
    window.addEventListener('keydown', onKeyDown, true)
    return () => {
      window.removeEventListener('keydown', onKeyDown, true)
    }
  }, [targets])
}

/** Copy, cut and paste go through the browser's own events, so they reach other tabs and ask for no permission. */
export function useClipboard(
  actions: Actions,
  pointer: () => { x: number; y: number } | undefined,
): void {
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => {
      if (isTyping(event) || getSelection()?.isCollapsed === false) return
      const text = actions.copied()
      if (!text) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      if (event.type === 'cut') actions.removeSelected()
    }
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event)) return
      if (actions.paste(event.clipboardData?.getData('text/plain') ?? '', pointer()))
        event.preventDefault()
    }
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  }, [actions, pointer])
}

export function chordOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
): string {
  const mod = event.ctrlKey || event.metaKey
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  // Shift is part of the sign on keys such as `+`, and tells nothing of its own there.
  const shift = event.shiftKey && (mod || key.length > 1)
  return [mod && 'Mod', event.altKey && 'Alt', shift && 'Shift', key].filter(Boolean).join('+')
}

/** Whether the keys belong to a field: an editor in a shadow root shows only its host, hence the path. */
function isTyping(event: Event): boolean {
  const target = event.composedPath()[0]
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  )
}

/** Whether an open menu, dialog or list has the keys. */
function isElsewhere(event: Event): boolean {
  return (
    event.target instanceof Element &&
    event.target.closest('[role=menu],[role=dialog],[role=alertdialog],[role=listbox]') !== null
  )
}

function isOnCanvas({ target }: Event): boolean {
  return (
    target === document.body || (target instanceof Element && target.closest('.canvas') !== null)
  )
}
