import type { Catalogue, NodeType } from '@/graph/catalogue'
import type { ListItem } from '@/ui/SearchList'
import { NodeIcon } from './NodeIcon'

export interface NodeItem extends ListItem {
  type: NodeType
}

const GROUP_ORDER = ['AI', 'flow', 'data', 'knowledge', 'connect']

/** The node types as a list to pick from, AI first. */
export function nodeItems(
  catalogue: Catalogue,
  wanted: (type: NodeType) => boolean = () => true,
): NodeItem[] {
  return [...catalogue.values()]
    .filter(wanted)
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((type) => ({
      id: type.type,
      type,
      label: type.label,
      detail: type.help,
      group: type.group,
      words: [type.type, type.group],
      icon: (
        <span data-group={type.group}>
          <NodeIcon name={type.icon} />
        </span>
      ),
    }))
}

function placeOf(type: NodeType): number {
  const at = GROUP_ORDER.indexOf(type.group)
  return at < 0 ? GROUP_ORDER.length : at
}
