import { StickyNote } from 'lucide-react'
import type { Catalogue, NodeType } from '@/graph/catalogue'
import type { ListItem } from '@/ui/SearchList'
import { NodeIcon } from './NodeIcon'

/** What can be put on the canvas: a node of some type, or a note. */
export type Placeable = NodeType | 'note'

export interface PlaceableItem extends ListItem {
  what: Placeable
}

const GROUP_ORDER = ['AI', 'flow', 'data', 'knowledge', 'connect']

/** The node types as a list to pick from, AI first. */
export function nodeItems(
  catalogue: Catalogue,
  wanted: (type: NodeType) => boolean = () => true,
): PlaceableItem[] {
  return [...catalogue.values()]
    .filter(wanted)
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((type) => ({
      id: type.type,
      what: type,
      label: type.label,
      detail: type.help,
      group: type.group,
      words: [type.type, type.group],
      icon: (
        <span data-group={type.group}>
          <NodeIcon name={type.icon} />
        </span>
      ),
      ...(type.allowed === false ? OFF : {}),
    }))
}

/** Of a type that may not run here: it can be placed all the same, for a server that runs it. */
const OFF = {
  aside: <span className="badge">Off</span>,
  hint: 'This server does not run code. Its operator can allow it with WIRELOOM_ALLOW_CODE=1.',
}

function placeOf(type: NodeType): number {
  const at = GROUP_ORDER.indexOf(type.group)
  return at < 0 ? GROUP_ORDER.length : at
}

/** No node type's name has a colon. */
const NOTE_ID = ':note'

const NOTE: PlaceableItem = {
  id: NOTE_ID,
  what: 'note',
  label: 'Note',
  detail: 'Words for whoever reads the workflow. It runs nothing.',
  group: 'canvas',
  words: ['sticky', 'comment', 'text'],
  icon: (
    <span className="tile tile--note">
      <StickyNote size={14} />
    </span>
  ),
}

/** All that can be put on the canvas: the node types, then a note. */
export const placeables = (catalogue: Catalogue): PlaceableItem[] => [...nodeItems(catalogue), NOTE]

/** What a list's item of this id stands for. */
export const placeableOf = (id: string, catalogue: Catalogue): Placeable | undefined =>
  id === NOTE_ID ? 'note' : catalogue.get(id)
