import type { Graph, GraphNode } from './document'
import { labelOf, nodeOf } from './document'
import type { Json } from './json'
import { isObject } from './json'
import type { Region, Regions } from './regions'
import { NO_REGIONS, regionsAround } from './regions'
import type { Schema } from './schema'
import { ancestorsOf, inOrder } from './walk'

/** A name that an expression may read, with the names one step below it. */
export interface Name {
  name: string
  detail: string
  below: Name[]
}

/** What expressions at a node can see: `input`, `nodes`, `vars`, and what its loops and splits add. */
export type Scope = readonly Name[]

/** `outputs` are what steps gave in the last run: they tell the fields that no schema names. */
export function scopeAt(
  graph: Graph,
  id: string,
  outputs: ReadonlyMap<string, Json | undefined> = new Map(),
  regions: Regions = NO_REGIONS,
): Scope {
  const above = ancestorsOf(graph, id)
  const nodes = inOrder(graph).filter((node) => above.has(node.id))
  return [
    { name: 'input', detail: 'what the run was given', below: properties(graph.inputs) },
    {
      name: 'nodes',
      detail: 'what came before',
      below: nodes.map((node) => ({
        name: node.id,
        detail: labelOf(node),
        below: fieldsOf(node, outputs.get(node.id)),
      })),
    },
    { name: 'vars', detail: 'variables of the run', below: variables(graph, above) },
    ...turnNames(regionsAround(regions, id), outputs),
  ]
}

/** `item` and `index` inside a split, `iteration` inside a loop. */
function turnNames(
  around: readonly Region[],
  outputs: ReadonlyMap<string, Json | undefined>,
): Name[] {
  const split = around.findLast(({ kind }) => kind === 'split')
  const list = split && outputs.get(split.opener)
  const first = Array.isArray(list) ? list[0] : undefined
  const ofSplit = [
    { name: 'item', detail: 'the item of the split', below: namesIn(first, 3) },
    { name: 'index', detail: 'its place, from 0', below: [] },
  ]
  const ofLoop = [{ name: 'iteration', detail: 'the pass, from 1', below: [] }]
  const loops = around.some(({ kind }) => kind === 'loop')
  return [...(split ? ofSplit : []), ...(loops ? ofLoop : [])]
}

function properties(schema: Schema | undefined): Name[] {
  return Object.entries(schema?.properties ?? {}).map(([name, field]) => ({
    name,
    detail: [field.type].flat().join(' or ') || 'any',
    below: properties(field),
  }))
}

function fieldsOf(node: GraphNode, output: Json | undefined): Name[] {
  const declared = node.config?.output_schema
  if (isObject(declared)) return properties(declared as Schema)
  const fields = node.config?.fields
  if (isObject(fields)) return Object.keys(fields).map((name) => ({ name, detail: '', below: [] }))
  return namesIn(output, 3)
}

function namesIn(value: unknown, depth: number): Name[] {
  if (!isObject(value) || depth === 0) return []
  return Object.entries(value).map(([name, item]) => ({
    name,
    detail: Array.isArray(item) ? 'list' : item === null ? 'null' : typeof item,
    below: namesIn(item, depth - 1),
  }))
}

function variables(graph: Graph, above: ReadonlySet<string>): Name[] {
  const declared = Object.keys(graph.settings?.variables ?? {})
  const written = [...above]
    .map((id) => nodeOf(graph, id))
    .filter((node) => node?.type === 'set_variable')
    .map((node) => node?.config?.name)
    .filter((name) => typeof name === 'string')
  return [...new Set([...declared, ...written])].map((name) => ({
    name,
    detail: 'variable',
    below: [],
  }))
}
