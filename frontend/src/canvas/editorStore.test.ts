import { expect, it } from 'vitest'
import { configure, move } from '@/graph/commands'
import { gather } from '@/graph/problems'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import { createEditor } from './editorStore'

const open = () =>
  createEditor('w1', { name: 'Draft', graph: graphOf([node('a'), node('b')], 'a>b') }, CATALOGUE)

it('an edit renews the cards that it touches, and leaves the others the same objects', () => {
  const store = open()
  const [a, b] = store.getState().nodes
  store.getState().perform(configure('a', 'prompt', 'Hello'))

  expect(store.getState().nodes[0]).not.toBe(a)
  expect(store.getState().nodes[1]).toBe(b)
})

it('a drag moves the card at once and is one edit at its end', () => {
  const store = open()
  const drag = (x: number, dragging: boolean) => {
    store.getState().changeNodes([{ type: 'position', id: 'a', position: { x, y: 0 }, dragging }])
  }
  drag(10, true)
  drag(20, true)
  expect(store.getState().nodes[0]?.position).toEqual({ x: 20, y: 0 })
  expect(store.getState().history.past).toEqual([])

  drag(30, false)
  expect(store.getState().history.past.map(({ name }) => name)).toEqual(['move a node'])
  store.getState().undo()
  expect(store.getState().nodes[0]?.position).toEqual({ x: 0, y: 0 })
})

it('what undo takes away is no longer selected', () => {
  const store = open()
  store.getState().perform(move(new Map([['a', { x: 9, y: 9 }]])))
  store.getState().select({ nodes: new Set(['a', 'gone']) })
  store.getState().undo()

  expect([...store.getState().selection.nodes]).toEqual(['a'])
})

it('problems are told at the card, to the eye and to the ear', () => {
  const store = open()
  store
    .getState()
    .setProblems(
      gather([{ code: 'missing_config', message: 'A prompt is needed.', node: 'a' }], []),
    )

  expect(store.getState().nodes.map(({ ariaLabel }) => ariaLabel)).toEqual([
    'A, Agent, 1 to mend',
    'B, Agent',
  ])
  expect(store.getState().nodes[0]?.data.problems[0]?.message).toBe('A prompt is needed.')
})

it('what is opened of the draft ends the look at a version', () => {
  const store = open()
  store.getState().show({ viewing: 3 })
  expect(store.getState().viewing).toBe(3)

  store.getState().show({ dock: 'problems' })
  expect(store.getState().viewing).toBeNull()
})
