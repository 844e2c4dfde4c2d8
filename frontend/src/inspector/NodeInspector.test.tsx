import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ReactFlowProvider } from '@xyflow/react'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { expect, it } from 'vitest'
import { createEditor, EditorContext, graphOf as graphIn } from '@/canvas/editorStore'
import { gather } from '@/graph/problems'
import { CATALOGUE, graphOf, node } from '@/testing/graphs'
import { Inspector } from './Inspector'

const summing = { ...node('total', 'sum'), label: 'Total' }
const reading = node('check', 'condition', { expression: 'nodes.total > 3' })

function setUp() {
  const store = createEditor(
    'w1',
    { name: 'Draft', graph: graphOf([summing, reading], 'total>check') },
    CATALOGUE,
  )
  store.getState().show({ inspectorOpen: true })
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <ReactFlowProvider>
          <EditorContext value={store}>
            <Inspector run={null} />
          </EditorContext>
        </ReactFlowProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  )
  return { user: userEvent.setup(), store, graph: () => graphIn(store.getState()) }
}

async function open(id: string) {
  const editor = setUp()
  editor.store.getState().select({ nodes: new Set([id]) })
  await screen.findByLabelText('Name of the node')
  return editor
}

it('a node is renamed, and undo takes the name back', async () => {
  const { user, store, graph } = await open('total')
  await user.clear(screen.getByLabelText('Name of the node'))
  await user.type(screen.getByLabelText('Name of the node'), 'Sum of all')
  expect(graph().nodes[0]?.label).toBe('Sum of all')

  store.getState().undo()
  expect(graph().nodes[0]?.label).toBe('Total')
})

it('a new id reaches whoever reads the node', async () => {
  const { user, graph } = await open('total')
  await user.clear(screen.getByLabelText('Id of the node'))
  await user.type(screen.getByLabelText('Id of the node'), 'sum{Enter}')

  expect(graph().nodes.map(({ id, config }) => [id, config])).toEqual([
    ['sum', {}],
    ['check', { expression: 'nodes.sum > 3' }],
  ])
})

it('an id that another node has is not taken', async () => {
  const { user, graph } = await open('total')
  await user.clear(screen.getByLabelText('Id of the node'))
  await user.type(screen.getByLabelText('Id of the node'), 'check{Enter}')

  expect(graph().nodes[0]?.id).toBe('total')
  expect(screen.getByLabelText('Id of the node')).toHaveValue('total')
})

it('what happens after a failure is set, and the error port appears with it', async () => {
  const { user, store, graph } = await open('total')
  await user.click(screen.getByRole('button', { name: 'When it fails' }))
  await user.type(screen.getByLabelText('Attempts'), '5')
  await user.click(screen.getByRole('combobox', { name: 'After the last attempt' }))
  await user.click(await screen.findByRole('option', { name: 'Go out by the error port' }))

  expect(graph().nodes[0]?.policy).toEqual({ max_attempts: 5, on_error: 'route' })
  expect(store.getState().nodes[0]?.data.outputs.map(({ name }) => name)).toEqual(['out', 'error'])
})

it('a number that the server would refuse stays in its box, and an emptied one is left out', async () => {
  const { user, graph } = await open('total')
  await user.click(screen.getByRole('button', { name: 'When it fails' }))
  await user.type(screen.getByLabelText('Attempts'), '50')
  expect(screen.getByLabelText('Attempts')).toBeInvalid()
  expect(graph().nodes[0]?.policy).toEqual({ max_attempts: 5 })

  await user.clear(screen.getByLabelText('Attempts'))
  expect(graph().nodes[0]?.policy).toEqual({})
})

it('a problem of the node as a whole is told above its fields', async () => {
  const { store } = await open('total')
  store
    .getState()
    .setProblems(
      gather([], [{ code: 'unreachable', message: 'Nothing leads here.', node: 'total' }]),
    )

  expect(await screen.findByText('Nothing leads here.')).toBeInTheDocument()
})

it('an edge is kept out of the prompt', async () => {
  const { user, store, graph } = setUp()
  store.getState().select({ edges: new Set(['total.out→check.in']) })
  await user.click(await screen.findByRole('switch', { name: 'Give its output to the prompt' }))

  expect(graph().edges).toEqual([{ source: 'total', target: 'check', context: false }])
})

it('the edges of a node are listed, and removed from there', async () => {
  const { user, graph } = await open('check')
  await user.click(screen.getByRole('button', { name: 'Remove the edge from Total' }))

  expect(graph().edges).toEqual([])
})

it('with nothing selected, the workflow itself is set', async () => {
  const { user, graph } = setUp()
  await user.type(screen.getByLabelText('Seconds a run'), '90')

  expect(graph().settings).toEqual({ timeout_s: 90 })
})
