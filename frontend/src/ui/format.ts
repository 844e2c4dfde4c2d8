import type { Usage } from '@/api/types'

/** `840 ms`, `3.2 s`, `2 m 05 s`, `1 h 04 m`; a dash for null. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (ms < 1) return '<1 ms'
  if (ms < 1000) return `${String(Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  const minutes = Math.floor(ms / 60_000)
  const rest = (n: number) => String(n).padStart(2, '0')
  if (minutes < 60) return `${String(minutes)} m ${rest(Math.floor((ms % 60_000) / 1000))} s`
  return `${String(Math.floor(minutes / 60))} h ${rest(minutes % 60)} m`
}

/** Dollars, with as many digits as a small sum needs; empty where no price is known. */
export function cost(usd: number | null | undefined): string {
  if (usd === null || usd === undefined) return ''
  if (usd === 0) return '$0'
  if (usd < 0.0001) return '<$0.0001'
  return `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`
}

export function count(n: number): string {
  return n < 10_000 ? n.toLocaleString('en') : `${(n / 1000).toFixed(1)}k`
}

export function tokensOf(usage: Usage | null | undefined): number {
  return (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0)
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' })
const date = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })
const full = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

/** `just now`, `5 min. ago`, `yesterday`, then the date. */
export function ago(iso: string | null | undefined, now = Date.now()): string {
  if (!iso) return '–'
  const past = now - Date.parse(iso)
  if (past < 45_000) return 'just now'
  if (past > 7 * 86_400_000) return date.format(new Date(iso))
  const [unit, size] = UNITS.find(([, ms]) => past >= ms) ?? ['minute', 60_000]
  return relative.format(-Math.max(1, Math.floor(past / size)), unit)
}

export const day = (iso: string | null | undefined): string =>
  iso ? date.format(new Date(iso)) : ''

export const moment = (iso: string | null | undefined): string =>
  iso ? full.format(new Date(iso)) : ''
