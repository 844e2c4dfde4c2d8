import type { Catalogue } from '@/graph/catalogue'
import { typeLabel } from '@/graph/commands'
import type { GraphNode } from '@/graph/document'
import { labelOf } from '@/graph/document'
import { resolve, titleOf } from '@/graph/schema'
import { PanelHead } from '@/inspector/PanelHead'
import { Value } from '@/ui/Value'
import { NodeIcon } from './NodeIcon'

interface VersionNodeProps {
  node: GraphNode
  catalogue: Catalogue
  close: () => void
}

/** What a node is set to, to read and to copy. */
export function VersionNode({ node, catalogue, close }: VersionNodeProps) {
  const type = catalogue.get(node.type)
  const schema = type?.config_schema ?? {}
  const order = Object.keys(schema.properties ?? {})
  const fields = Object.entries(node.config ?? {}).sort(
    ([a], [b]) => order.indexOf(a) - order.indexOf(b),
  )
  const titleFor = (name: string) => titleOf(name, resolve(schema.properties?.[name] ?? {}, schema))
  return (
    <aside className="inspector panel version-node" aria-label="Settings, to read">
      <div className="inspector__body" data-group={type?.group}>
        <PanelHead
          icon={<NodeIcon name={type?.icon ?? 'circle-help'} />}
          title={labelOf(node)}
          close={close}
        />
        <div className="inspector__sub">
          <span>{typeLabel(node, catalogue)}</span>
          <code>{node.id}</code>
        </div>
        <div className="inspector__scroll">
          {fields.length === 0 ? <p className="inspector__note">Nothing was set.</p> : null}
          {fields.map(([name, value]) => (
            <Value key={name} title={titleFor(name)} value={value} />
          ))}
          {node.policy && Object.keys(node.policy).length > 0 ? (
            <Value title="When it fails" value={{ ...node.policy }} />
          ) : null}
        </div>
      </div>
    </aside>
  )
}
