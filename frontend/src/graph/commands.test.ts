import { expect, it } from 'vitest'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import { connect, newNode, remove, renameId, setPin } from './commands'

it('a node is deleted with the edges that touch it', () => {
  const graph = graphOf([node('a'), node('b'), node('c')], 'a>b', 'b>c', 'a>c')

  const after = remove(new Set(['b']), new Set()).apply({ name: '', graph }).graph

  expect(after.nodes.map(({ id }) => id)).toEqual(['a', 'c'])
  expect(after.edges).toEqual([{ source: 'a', target: 'c' }])
})

it('a new id reaches the edges and every expression that reads the node', () => {
  const prompt = '{{ nodes.a.text }} and {{ nodes.ab }} and {{ nodes.a }}'
  const graph = graphOf(
    [node('a'), node('b', 'agent', { prompt, cases: [{ expression: 'nodes.a > 1' }] })],
    'a>b',
  )

  const after = renameId('a', 'asker').apply({ name: '', graph }).graph

  expect(after.nodes[1]?.config).toEqual({
    prompt: '{{ nodes.asker.text }} and {{ nodes.ab }} and {{ nodes.asker }}',
    cases: [{ expression: 'nodes.asker > 1' }],
  })
  expect(after.edges).toEqual([{ source: 'asker', target: 'b' }])
})

it('a new node is named unlike the others', () => {
  const agent = CATALOGUE.get('agent')
  if (!agent) throw new Error('no agent')
  const graph = graphOf([{ ...node('agent'), label: 'Agent' }])

  expect(newNode(graph, agent, { x: 0.4, y: 10 })).toEqual({
    id: 'agent_2',
    type: 'agent',
    v: 1,
    label: 'Agent 2',
    position: { x: 0, y: 10 },
    config: {},
  })
})

it('an edge that leads back is drawn as a loop with its passes', () => {
  const ends = { source: { node: 'b', port: 'out' }, target: { node: 'a', port: 'in' } }
  const graph = graphOf([node('a'), node('b')], 'a>b')

  const after = connect({ ...ends, loop: 10 }).apply({ name: '', graph }).graph

  expect(after.edges).toEqual([
    { source: 'a', target: 'b' },
    { source: 'b', target: 'a', loop: { max_iterations: 10 } },
  ])
})

it('an output is pinned, null as well, and a node without a pin has no trace of one', () => {
  const draft = { name: '', graph: graphOf([node('a')]) }
  const pinned = setPin('a', { output: null }).apply(draft)

  expect(pinned.graph.nodes[0]?.pin).toEqual({ output: null })
  expect(setPin('a', null).apply(pinned)).toEqual(draft)
  expect(setPin('a', null).apply(draft)).toBe(draft)
})
