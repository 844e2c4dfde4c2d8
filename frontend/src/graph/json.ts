export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = Record<string, Json>

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether an event holds only the name of a payload that is too large for it. */
export const isBlob = (value: unknown): boolean => isObject(value) && '$blob' in value

/** `record` without the fields called `names`. */
export function omit<T extends object, Name extends keyof T>(
  record: T,
  ...names: Name[]
): Omit<T, Name> {
  const rest = { ...record }
  for (const name of names) delete rest[name] // eslint-disable-line @typescript-eslint/no-dynamic-delete -- a copy made here
  return rest
}

/** `record` without the fields that hold nothing. */
export function filled<T extends object>(record: T): T {
  const kept = Object.entries(record).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(kept) as T
}

/** Whether two JSON values are the same, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]))
  }
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => key in b && sameJson(a[key], b[key]))
  )
}

/** `value` with every string in it, keys aside, replaced by `change` of it. */
export function mapStrings(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]),
  )
}
