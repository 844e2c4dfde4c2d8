import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { MemoryRouter } from 'react-router'
import { afterEach, expect, it, vi } from 'vitest'
import { WorkflowLink } from './WorkflowLink'

/** A server that answers so, whatever it is asked. */
function serving(status: number, body: unknown) {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body), { status })))
}

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  render(
    <QueryClientProvider client={client}>
      <MemoryRouter>
        <WorkflowLink workflow="w1" />
      </MemoryRouter>
    </QueryClientProvider>,
  )
}

afterEach(() => {
  vi.unstubAllGlobals()
})

it('a run leads to its workflow', async () => {
  serving(200, { id: 'w1' })
  show()

  expect(await screen.findByRole('link', { name: 'Open the workflow' })).toHaveAttribute(
    'href',
    '/workflows/w1',
  )
})

it('a run of an archived workflow leads nowhere, and says why', async () => {
  serving(404, { code: 'not_found' })
  show()

  expect(await screen.findByText('The workflow is archived')).toBeVisible()
  expect(screen.queryByRole('link')).toBeNull()
})
