import type { Catalogue } from '@/graph/catalogue'
import { iconOf } from '@/ui/nodeIcons'

/**
 * A node type's icon on its tinted tile. The drawing itself stands once on the page, in
 * `IconSprite`: a card needs three elements for it whatever the icon is made of.
 */
export function NodeIcon({ name }: { name: string }) {
  return (
    <span className="tile">
      <svg width={14} height={14} aria-hidden="true">
        <use href={`#node-icon-${name}`} />
      </svg>
    </span>
  )
}

/** The icons of every node type, to be referred to. */
export function IconSprite({ catalogue }: { catalogue: Catalogue }) {
  const names = new Set(['circle-help', ...[...catalogue.values()].map((type) => type.icon)])
  return (
    <svg className="visually-hidden" aria-hidden="true">
      {[...names].map((name) => {
        const Icon = iconOf(name)
        return (
          <symbol id={`node-icon-${name}`} key={name} viewBox="0 0 24 24">
            <Icon />
          </symbol>
        )
      })}
    </svg>
  )
}
