import { ReactFlowProvider } from '@xyflow/react'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import type { NodeType } from '@/graph/catalogue'
import { makeCatalogue } from '@/graph/catalogue'
import { CATALOGUE, graphOf } from '@/testing/graphs'
import { createEditor, EditorContext, graphOf as graphIn } from './editorStore'
import { Palette } from './Palette'

const sum = CATALOGUE.get('sum') as NodeType
const code: NodeType = { ...sum, type: 'code', label: 'Code' }

function open(...types: NodeType[]) {
  const store = createEditor('w1', { name: '', graph: graphOf([]) }, makeCatalogue(types))
  render(
    <ReactFlowProvider>
      <EditorContext value={store}>
        <Palette />
      </EditorContext>
    </ReactFlowProvider>,
  )
  return { store, user: userEvent.setup() }
}

it('a node type that may not run here is marked, and says why', () => {
  open({ ...sum, allowed: true }, { ...code, allowed: false })

  expect(screen.getByRole('option', { name: /^Code.*Off$/ })).toHaveAccessibleDescription(
    'This server does not run code. Its operator can allow it with WIRELOOM_ALLOW_CODE=1.',
  )
  expect(screen.getByRole('option', { name: 'Sum' })).not.toHaveAttribute('title')
})

it('a note is offered beside the node types, and picked like them', async () => {
  const { store, user } = open(sum)
  await user.click(screen.getByRole('option', { name: /^Note/ }))

  expect(graphIn(store.getState()).notes).toHaveLength(1)
})
