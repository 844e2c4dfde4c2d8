import { useMemo } from 'react'
import { labelOf } from '@/graph/document'
import type { MenuCommand } from '@/ui/commandMenu'
import { useCommands } from '@/ui/commandMenu'
import { graphOf, useEditor } from './editorStore'
import { placeables } from './nodeItems'
import { useDropNode } from './useDropNode'
import type { ShortcutTargets } from './useShortcuts'

/** Puts the editor's doings, its node types and its nodes into the command menu. */
export function useEditorCommands(targets: ShortcutTargets): void {
  const catalogue = useEditor((state) => state.catalogue)
  const graph = useEditor(graphOf)
  const { add } = useDropNode()
  const commands = useMemo((): MenuCommand[] => {
    const verb = (label: string, run: () => void, keys?: string): MenuCommand => ({
      id: `do:${label}`,
      label,
      group: 'This workflow',
      run,
      ...(keys ? { keys } : {}),
    })
    return [
      verb('Run the draft', targets.run, 'Mod+Enter'),
      verb('Add a node', targets.add, '/'),
      verb('Undo', targets.undo, 'Mod+Z'),
      verb('Redo', targets.redo, 'Mod+Shift+Z'),
      verb('Tidy up', targets.layout, 'L'),
      verb('Fit to view', targets.fit, '1'),
      verb('Select all', targets.selectAll, 'Mod+A'),
      verb('Connect the selected node', targets.startConnecting, 'C'),
      verb('Show the outline', targets.toggleOutline, 'O'),
      verb('Show problems', targets.toggleProblems, 'P'),
      ...graph.nodes.map((node) => ({
        id: `go:${node.id}`,
        label: labelOf(node),
        detail: `Go to ${node.id}`,
        group: 'Nodes here',
        run: () => {
          targets.goTo(node.id)
        },
      })),
      ...placeables(catalogue).map((item) => ({
        ...item,
        id: `add:${item.id}`,
        label: `Add ${item.label}`,
        group: 'Add',
        run: () => {
          add(item.what)
        },
      })),
    ]
  }, [targets, graph.nodes, catalogue, add])
  useCommands('editor', commands)
}
