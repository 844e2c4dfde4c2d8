import { createBrowserRouter } from 'react-router'
import { NotFound } from '@/ui/NotFound'
import { Failure } from './Failure'
import { Shell } from './Shell'
import { SignedIn } from './SignedIn'

const none = () => null

export const router = createBrowserRouter([
  {
    errorElement: <Failure />,
    HydrateFallback: none,
    children: [
      {
        path: 'sign-in/*',
        lazy: async () => ({ Component: (await import('@/auth/SignInPage')).SignInPage }),
      },
      {
        element: <SignedIn />,
        children: [
          {
            path: 'workflows/:id',
            lazy: async () => ({ Component: (await import('@/canvas/EditorPage')).EditorPage }),
          },
          {
            element: <Shell />,
            children: [
              {
                index: true,
                lazy: async () => ({ Component: (await import('@/workflows/HomePage')).HomePage }),
              },
              {
                path: 'runs',
                lazy: async () => ({ Component: (await import('@/runs/RunsPage')).RunsPage }),
              },
              {
                path: 'runs/:id',
                lazy: async () => ({ Component: (await import('@/runs/RunPage')).RunPage }),
              },
              {
                path: 'settings/:section?',
                lazy: async () => ({
                  Component: (await import('@/settings/SettingsPage')).SettingsPage,
                }),
              },
              { path: '*', element: <NotFound /> },
            ],
          },
        ],
      },
    ],
  },
])
