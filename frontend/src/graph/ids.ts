export const ID_PATTERN = /^[a-z][a-z0-9_]{0,63}$/

/** A node id made from `name`, unlike any in `taken`: `Web search` → `web_search`, then `web_search_2`. */
export function idFrom(name: string, taken: ReadonlySet<string>): string {
  const letters = name.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  const base = letters.replace(/^[^a-z]+|_+$/g, '').slice(0, 58) || 'node'
  if (!taken.has(base)) return base
  let n = 2
  while (taken.has(`${base}_${String(n)}`)) n += 1
  return `${base}_${String(n)}`
}

/** `label`, or `label 2`, `label 3` … where others bear it already. */
export function labelFrom(label: string, taken: ReadonlySet<string>): string {
  if (!taken.has(label)) return label
  let n = 2
  while (taken.has(`${label} ${String(n)}`)) n += 1
  return `${label} ${String(n)}`
}
