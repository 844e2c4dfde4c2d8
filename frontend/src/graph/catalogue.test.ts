import { expect, it } from 'vitest'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import { outputsOf, summaryOf } from './catalogue'

const names = (...given: Parameters<typeof outputsOf>) =>
  outputsOf(...given).map(({ name }) => name)

it('a condition has the ports that its cases name, and the default', () => {
  const cases = node('c', 'condition', { cases: [{ name: 'good' }, { name: 'bad' }, {}] })

  expect(names(node('c', 'condition'), CATALOGUE)).toEqual(['true', 'false'])
  expect(names(cases, CATALOGUE)).toEqual(['good', 'bad', 'default'])
})

it('the error port is drawn where it is routed to or used', () => {
  const routed = { ...node('a'), policy: { on_error: 'route' as const } }

  expect(names(node('a'), CATALOGUE)).toEqual(['out'])
  expect(names(routed, CATALOGUE)).toEqual(['out', 'error'])
  expect(names(node('a'), CATALOGUE, graphOf([], 'a.error>b').edges)).toEqual(['out', 'error'])
})

it('what a loop starts from has a port for when its passes are spent', () => {
  const edges = [{ source: 'a', target: 'b', loop: { max_iterations: 2 } }]

  expect(names(node('a'), CATALOGUE, edges)).toEqual(['out', 'exhausted'])
  expect(names(node('b'), CATALOGUE, edges)).toEqual(['out'])
})

it('a card says what its node is about, and nothing while its fields are empty', () => {
  const agent = CATALOGUE.get('agent')

  expect(summaryOf(node('a', 'agent', { model: 'm', prompt: 'Write\n  it' }), agent)).toBe(
    'm: Write it',
  )
  expect(summaryOf(node('a', 'agent', { prompt: 'Write it' }), agent)).toBe('Write it')
  expect(summaryOf(node('a'), agent)).toBe('')
})
