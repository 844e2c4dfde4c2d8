import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { RunForm } from './RunForm'

it('the form asks in the order of what is required, whatever the order of the keys', () => {
  const properties = {
    most: { type: 'integer' },
    product: { type: 'string' },
    audience: { type: 'string' },
  }
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RunForm
        inputs={{ type: 'object', properties, required: ['product', 'most'] }}
        value={{}}
        errors={{}}
        busy={false}
        onChange={() => undefined}
        onRun={() => undefined}
      />
    </QueryClientProvider>,
  )

  const boxes = screen.getAllByRole<HTMLInputElement>('textbox')
  expect(boxes.map(({ labels }) => labels?.[0]?.textContent)).toEqual([
    'Product required',
    'Most required',
    'Audience',
  ])
})
