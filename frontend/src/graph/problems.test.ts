import { expect, it } from 'vitest'
import { atField, gather, severityOf } from './problems'

const wrong = {
  code: 'invalid_expression',
  message: 'No such name.',
  node: 'check',
  field: 'cases.0.expression',
}
const odd = { code: 'unreachable', message: 'Nothing leads here.', node: 'check' }

it('problems are found by their node and by their field', () => {
  const { byNode } = gather([wrong], [odd])
  const own = byNode.get('check') ?? []

  expect(own).toEqual([
    { ...wrong, severity: 'error' },
    { ...odd, severity: 'warning' },
  ])
  expect(atField(own, 'cases')).toEqual([{ ...wrong, severity: 'error' }])
  expect(atField(own, 'case')).toEqual([])
})

it('an error outweighs warnings', () => {
  expect(severityOf(gather([wrong], [odd]).all)).toBe('error')
  expect(severityOf(gather([], [odd]).all)).toBe('warning')
  expect(severityOf([])).toBeNull()
})
