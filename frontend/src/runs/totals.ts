import type { LiveStep } from '@/live/model'
import { tokensOf } from '@/ui/format'

export interface Totals {
  tokens: number
  /** The sum of the known prices; null when none is. */
  costUsd: number | null
}

/** What the steps of a run used so far. A step under way counts by its finished calls. */
export function totalsOf(steps: readonly LiveStep[]): Totals {
  const usages = steps.flatMap((step) =>
    step.usage ? [step.usage] : step.calls.map((call) => call.usage),
  )
  const costs = usages.map((usage) => usage?.cost_usd).filter((usd) => typeof usd === 'number')
  return {
    tokens: usages.reduce((sum, usage) => sum + tokensOf(usage), 0),
    costUsd: costs.length > 0 ? costs.reduce((sum, usd) => sum + usd, 0) : null,
  }
}
