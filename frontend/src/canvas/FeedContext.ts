import { createContext, useContext } from 'react'
import type { LiveFeed } from '@/live/useRun'

/** The run that the cards and wires report, if any. */
export const FeedContext = createContext<LiveFeed | null>(null)

export const useFeedContext = () => useContext(FeedContext)
