import { useEffect } from 'react'
import type { LiveFeed } from './useRun'
import { feedOf, watch } from './useRun'

/** The feed of `run`, open while the component is there; null without a run. */
export function useFeed(run: string | null): LiveFeed | null {
  const feed = run === null ? null : feedOf(run)
  useEffect(() => (feed ? watch(feed) : undefined), [feed])
  return feed
}
