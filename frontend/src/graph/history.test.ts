import { expect, it } from 'vitest'
import { graphOf, node } from '@/testing/graphs'
import {
  addFragment,
  addNode,
  configure,
  connect,
  move,
  remove,
  renameId,
  renameWorkflow,
  setInputs,
  setLabel,
  setPolicy,
  setSettings,
} from './commands'
import type { Command } from './history'
import { perform, redo, startHistory, undo } from './history'

const draft = { name: 'Draft', graph: graphOf([node('a'), node('b')], 'a>b') }

const EDITS: [string, Command][] = [
  ['adding a node', addNode(node('c'))],
  ['pasting', addFragment({ nodes: [node('c'), node('d')], edges: [], notes: [] })],
  ['deleting a node', remove(new Set(['a']), new Set())],
  ['deleting an edge', remove(new Set(), new Set(['a.out→b.in']))],
  [
    'connecting',
    connect({ source: { node: 'a', port: 'error' }, target: { node: 'b', port: 'in' } }),
  ],
  ['moving', move(new Map([['a', { x: 40, y: 0 }]]))],
  ['a setting', configure('a', 'prompt', 'Hello')],
  ['a label', setLabel('a', 'Asker')],
  ['an id', renameId('a', 'asker')],
  ['error handling', setPolicy('a', { on_error: 'route' })],
  ['the inputs', setInputs({ type: 'object', properties: { topic: { type: 'string' } } })],
  ['the settings of the workflow', setSettings({ timeout_s: 60 })],
  ['the name of the workflow', renameWorkflow('Other')],
]

it.each(EDITS)('%s is undone and redone', (_, command) => {
  const before = startHistory(draft)
  const after = perform(before, command, 0)

  expect(after.present).not.toEqual(draft)
  expect(undo(after).present).toBe(draft)
  expect(redo(undo(after)).present).toBe(after.present)
})

it('an edit that changes nothing leaves no trace', () => {
  const before = startHistory(draft)

  expect(perform(before, setLabel('a', 'A'), 0)).toBe(before)
  expect(perform(before, move(new Map([['a', { x: 0.2, y: 0 }]])), 0)).toBe(before)
})

it('what is typed in one go is undone in one go', () => {
  let history = startHistory(draft)
  for (const [at, text] of ['H', 'He', 'Hey'].entries()) {
    history = perform(history, configure('a', 'prompt', text), at * 200)
  }
  history = perform(history, configure('a', 'prompt', 'Hey you'), 60_000)

  expect(undo(history).present.graph.nodes[0]?.config).toEqual({ prompt: 'Hey' })
  expect(undo(undo(history)).present).toBe(draft)
})

it('a new edit after undo takes the undone one’s place', () => {
  const edited = perform(startHistory(draft), setLabel('a', 'Asker'), 0)
  const other = perform(undo(edited), setLabel('b', 'Answerer'), 0)

  expect(redo(other)).toBe(other)
  expect(other.past.map(({ name }) => name)).toEqual(['rename node'])
})
