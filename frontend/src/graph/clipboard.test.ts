import { expect, it } from 'vitest'
import { graphOf, node } from '@/testing/graphs'
import { asText, copy, fromText, place } from './clipboard'

const graph = graphOf(
  [
    { ...node('ask'), position: { x: 100, y: 50 } },
    {
      ...node('check', 'agent', { prompt: '{{ nodes.ask }} {{ nodes.other }}' }),
      position: { x: 400, y: 90 },
    },
    node('other'),
  ],
  'ask>check',
  'other>check',
)

it('a copy has the edges between what was copied, and no others', () => {
  expect(copy(graph, new Set(['ask', 'check'])).edges).toEqual([{ source: 'ask', target: 'check' }])
})

it('what is pasted has ids of its own, and reads its own copies', () => {
  const pasted = place(graph, copy(graph, new Set(['ask', 'check'])), { x: 0, y: 0 })

  expect(pasted).toEqual({
    nodes: [
      { ...graph.nodes[0], id: 'ask_2', position: { x: 0, y: 0 } },
      {
        ...graph.nodes[1],
        id: 'check_2',
        position: { x: 300, y: 40 },
        config: { prompt: '{{ nodes.ask_2 }} {{ nodes.other }}' },
      },
    ],
    edges: [{ source: 'ask_2', target: 'check_2' }],
    notes: [],
  })
})

it('a fragment survives the clipboard, and other text is left alone', () => {
  const fragment = copy(graph, new Set(['ask']))

  expect(fromText(asText(fragment))).toEqual(fragment)
  expect(fromText('just words')).toBeNull()
  expect(fromText('{"nodes": []}')).toBeNull()
})
