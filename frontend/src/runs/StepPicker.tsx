import { ChevronLeft, ChevronRight, SkipForward } from 'lucide-react'
import { IconButton } from '@/ui/Button'
import { NumberInput } from '@/ui/NumberInput'
import { Select } from '@/ui/Select'
import type { StepRef } from './stepRefs'
import { nextFailed, wordsFor } from './stepRefs'

interface StepPickerProps {
  /** The steps of one node, in the order of their passes and items. */
  steps: readonly StepRef[]
  /** The key of the one that is shown. */
  value: string
  onChange: (key: string) => void
}

/** More than these are counted through, not listed. */
const LISTED = 100

/** Chooses which pass or item of a node is shown; nothing where there is but one. */
export function StepPicker({ steps, value, onChange }: StepPickerProps) {
  if (steps.length < 2) return null
  const at = Math.max(
    0,
    steps.findIndex(({ key }) => key === value),
  )
  const failed = nextFailed(steps, at)
  const go = (to: number) => {
    const step = steps[to]
    if (step) onChange(step.key)
  }
  return (
    <div className="step-picker" role="group" aria-label="Pass or item">
      <IconButton
        label="The one before"
        size="small"
        icon={<ChevronLeft size={15} />}
        disabled={at === 0}
        onClick={() => {
          go(at - 1)
        }}
      />
      {steps.length <= LISTED ? (
        <Select
          aria-label="Pass or item"
          value={steps[at]?.key ?? value}
          choices={steps.map((step) => ({ value: step.key, label: wordsFor(step) }))}
          onChange={onChange}
        />
      ) : (
        <NumberInput
          aria-label="Pass or item"
          integer
          range={[1, steps.length]}
          value={at + 1}
          onChange={(n) => {
            if (n !== null) go(n - 1)
          }}
        />
      )}
      <span className="muted tabular step-picker__of">of {steps.length.toLocaleString('en')}</span>
      <IconButton
        label="The one after"
        size="small"
        icon={<ChevronRight size={15} />}
        disabled={at === steps.length - 1}
        onClick={() => {
          go(at + 1)
        }}
      />
      {failed === null ? null : (
        <IconButton
          label="The next that failed"
          size="small"
          icon={<SkipForward size={14} />}
          onClick={() => {
            go(failed)
          }}
        />
      )}
    </div>
  )
}
