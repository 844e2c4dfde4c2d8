import { expect, it } from 'vitest'
import type { Graph, Note } from '@/graph/document'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import { layoutOf } from './autoLayout'
import { createEditor, placedOf } from './editorStore'
import { noteKey } from './noteFlow'
import { putNote } from './putNote'
import { viewportOf } from './viewport'

const how: Note = { id: 'a', text: 'So.', position: { x: 0, y: -400 }, width: 280, height: 130 }
/** A note may bear the id of a node. */
const graph: Graph = { ...graphOf([node('a'), node('b')], 'a>b'), notes: [how] }

const open = () => createEditor('w1', { name: 'Draft', graph }, CATALOGUE)

it('a note lies beneath the cards even while it is selected, and has no port', () => {
  const store = open()
  store.getState().select({ notes: new Set(['a']) })

  expect(store.getState().notes).toEqual([
    {
      id: 'note:a',
      type: 'note',
      position: { x: 0, y: -400 },
      width: 280,
      height: 130,
      zIndex: -1001,
      connectable: false,
      ariaLabel: 'Note: So.',
      selected: true,
      data: { note: how },
    },
  ])
})

it('a note is selected apart from the node of the same id', () => {
  const store = open()
  store.getState().changeNodes([{ type: 'select', id: noteKey('a'), selected: true }])

  expect(store.getState().selection).toEqual({
    nodes: new Set(),
    edges: new Set(),
    notes: new Set(['a']),
  })
})

it('nodes and notes that are dragged together are one edit', () => {
  const store = open()
  const end = { type: 'position', position: { x: 50, y: 60 }, dragging: false } as const
  store.getState().changeNodes([
    { ...end, id: 'a' },
    { ...end, id: noteKey('a') },
  ])
  const { history } = store.getState()

  expect(history.past.map(({ name }) => name)).toEqual(['move a node and a note'])
  expect(history.present.graph.notes).toEqual([{ ...how, position: { x: 50, y: 60 } }])
  store.getState().undo()
  expect(store.getState().notes[0]?.position).toEqual(how.position)
})

it('a note that is pulled larger shows it at once and is one edit at the end', () => {
  const store = open()
  const pull = (width: number, resizing: boolean) => {
    const dimensions = { width, height: 200 }
    store
      .getState()
      .changeNodes([
        { type: 'dimensions', id: noteKey('a'), dimensions, resizing, setAttributes: true },
      ])
  }
  pull(300, true)
  expect(store.getState().notes[0]?.width).toBe(300)
  expect(store.getState().history.past).toEqual([])

  pull(320, false)
  expect(store.getState().history.past.map(({ name }) => name)).toEqual(['resize a note'])
  expect(store.getState().history.present.graph.notes).toEqual([
    { ...how, width: 320, height: 200 },
  ])
})

it('a new note is selected and open to be written', () => {
  const store = open()
  putNote(store, { x: 10, y: 20 })
  const { history, selection, writing } = store.getState()

  expect(history.present.graph.notes?.at(-1)).toEqual({
    id: 'note',
    text: '',
    position: { x: 10, y: 20 },
    width: 240,
    height: 160,
  })
  expect([[...selection.notes], writing]).toEqual([['note'], 'note'])
})

it('notes are in sight when the view is fitted', () => {
  const { y, zoom } = viewportOf(placedOf(open().getState()), 1200, 800)

  expect(y + how.position.y * zoom).toBeGreaterThan(0)
})

it('tidying up lays out the nodes as if there were no notes', async () => {
  const bare = createEditor('w1', { name: '', graph: { ...graph, notes: [] } }, CATALOGUE)

  expect(await layoutOf(open().getState())).toEqual(await layoutOf(bare.getState()))
})
