import { CSPProvider } from '@base-ui/react/csp-provider'
import { Toast } from '@base-ui/react/toast'
import { Tooltip } from '@base-ui/react/tooltip'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { RouterProvider } from 'react-router'
import { Toasts, toasts } from '@/ui/toast'
import { queryClient } from './queryClient'
import { router } from './router'

export function App() {
  return (
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>
          <Tooltip.Provider delay={500}>
            <Toast.Provider toastManager={toasts} limit={3}>
              <RouterProvider router={router} />
              <Toasts />
            </Toast.Provider>
          </Tooltip.Provider>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>
  )
}
