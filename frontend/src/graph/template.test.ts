import { expect, it } from 'vitest'
import { fill, segmentsOf } from './template'

it('a template is cut into text and expressions', () => {
  expect(segmentsOf('Hi {{ input.name }}, {{size(nodes)}}!')).toEqual([
    { text: 'Hi ' },
    { expression: 'input.name' },
    { text: ', ' },
    { expression: 'size(nodes)' },
    { text: '!' },
  ])
})

it('JSON and unknown names in a prompt stay text', () => {
  const prompt = 'Answer {"a": {{"b": 1}}} or {{ inptu.x }}'

  expect(segmentsOf(prompt)).toEqual([{ text: prompt }])
})

it('an escaped brace pair is literal', () => {
  expect(segmentsOf('\\{{ input.x }}')).toEqual([{ text: '{{ input.x }}' }])
})

it('text is filled in raw, objects as JSON, null as nothing', () => {
  const segments = segmentsOf('{{ input.a }}|{{ input.b }}|{{ input.c }}')

  expect(fill(segments, ['x', { y: 1 }, null])).toBe('x|{"y":1}|')
})
