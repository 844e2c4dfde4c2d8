import { expect, it } from 'vitest'
import { graphOf, node } from '@/testing/graphs'
import { copy, fromText, asText, place } from './clipboard'
import { addFragment, move, remove } from './commands'
import type { Graph, Note } from './document'
import type { Command } from './history'
import { perform, redo, startHistory, undo } from './history'
import { addNote, newNote, resizeNote, writeNote } from './notes'

const why: Note = { id: 'why', text: 'Why?', position: { x: 0, y: 0 }, width: 240, height: 160 }
const how: Note = { ...why, id: 'how', text: 'So.', position: { x: 300, y: 40 } }
const graph: Graph = { ...graphOf([node('a'), node('b')], 'a>b'), notes: [why, how] }

const after = (command: Command, from: Graph = graph) =>
  command.apply({ name: '', graph: from }).graph

const BOX = { position: { x: -10.4, y: 0 }, width: 250.4, height: 99.6 }

const EDITS: [string, Command, Note[]][] = [
  [
    'adding',
    addNote(newNote(graph, { x: 1.4, y: 2 })),
    [why, how, { id: 'note', text: '', position: { x: 1, y: 2 }, width: 240, height: 160 }],
  ],
  ['writing', writeNote('how', 'Like this.'), [why, { ...how, text: 'Like this.' }]],
  [
    'resizing',
    resizeNote('why', BOX),
    [{ ...why, position: { x: -10, y: 0 }, width: 250, height: 100 }, how],
  ],
  [
    'moving',
    move(new Map(), { notes: new Map([['why', { x: 5.2, y: 6 }]]) }),
    [{ ...why, position: { x: 5, y: 6 } }, how],
  ],
  ['deleting', remove(new Set(), new Set(), new Set(['why'])), [how]],
  [
    'pasting',
    addFragment({ nodes: [], edges: [], notes: [{ ...why, id: 'w' }] }),
    [why, how, { ...why, id: 'w' }],
  ],
]

it.each(EDITS)(
  '%s a note changes the notes alone, and is undone and redone',
  (_, command, notes) => {
    const before = startHistory({ name: '', graph })
    const edited = perform(before, command, 0)

    expect(edited.present.graph).toEqual({ ...graph, notes })
    expect(undo(edited).present.graph).toBe(graph)
    expect(redo(undo(edited)).present).toBe(edited.present)
  },
)

it('a note that is written, sized or moved as it was leaves no trace', () => {
  expect(after(writeNote('why', 'Why?'))).toBe(graph)
  expect(after(resizeNote('why', why))).toBe(graph)
  expect(after(move(new Map(), { notes: new Map([['why', { x: 0.2, y: 0 }]]) }))).toBe(graph)
  expect(after(writeNote('gone', 'Who?'))).toBe(graph)
  expect(after(writeNote('gone', 'Who?'), graphOf([]))).toEqual(graphOf([]))
})

it('what is typed into a note in one go is undone in one go', () => {
  let history = startHistory({ name: '', graph })
  for (const [at, text] of ['H', 'He', 'Hey'].entries())
    history = perform(history, writeNote('why', text), at * 200)

  expect(history.past.map(({ name }) => name)).toEqual(['write a note'])
})

it('nodes and notes are moved, deleted and pasted in one edit, which names both', () => {
  const places = new Map([['a', { x: 9, y: 9 }]])
  const ids = new Set(['a'])

  expect([
    move(places, { notes: new Map([['why', { x: 9, y: 9 }]]) }).name,
    remove(ids, new Set(), new Set(['why', 'how'])).name,
    addFragment(graph as Required<Graph>).name,
  ]).toEqual(['move a node and a note', 'delete a node and 2 notes', 'paste 2 nodes and 2 notes'])
})

it('notes travel by the clipboard with their nodes, and get ids of their own', () => {
  const text = asText(copy(graph, new Set(['b']), new Set(['how'])))
  const fragment = fromText(text)

  expect(fragment && place(graph, fragment, { x: 10, y: 10 })).toEqual({
    nodes: [{ ...node('b'), id: 'b_2', position: { x: 10, y: 10 } }],
    edges: [],
    notes: [{ ...how, id: 'how_2', position: { x: 310, y: 50 } }],
  })
})
