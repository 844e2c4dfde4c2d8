import { useCallback, useSyncExternalStore } from 'react'
import type { NodeSteps } from './nodeSteps'
import type { LiveSnapshot } from './store'
import { LiveStore } from './store'
import type { Connection } from './stream'
import { RunStream } from './stream'

/** A run that is being watched. */
export interface LiveFeed {
  readonly run: string
  readonly store: LiveStore
  readonly stream: RunStream
}

const KEPT = 8
const feeds = new Map<string, LiveFeed>()
const watchers = new Map<string, number>()

/** The run's one feed. It is kept for a while after its last watcher, so that coming back shows it at once. */
export function feedOf(run: string): LiveFeed {
  const held = feeds.get(run)
  if (held) return held
  const store = new LiveStore()
  const feed = { run, store, stream: new RunStream(run, store) }
  feeds.set(run, feed)
  for (const old of feeds.keys()) {
    if (feeds.size <= KEPT) break
    if (!watchers.has(old) && old !== run) feeds.delete(old)
  }
  return feed
}

/** Opens the feed's socket for its first watcher; gives what closes it after the last. */
export function watch({ run, stream }: LiveFeed): () => void {
  const before = watchers.get(run) ?? 0
  watchers.set(run, before + 1)
  if (before === 0) stream.open()
  return () => {
    const left = (watchers.get(run) ?? 1) - 1
    if (left > 0) {
      watchers.set(run, left)
      return
    }
    watchers.delete(run)
    stream.close()
  }
}

const never = () => () => undefined
const EMPTY: LiveSnapshot = new LiveStore().snapshot()
const IDLE: Connection = { state: 'ended' }

export function useLiveRun(feed: LiveFeed | null): LiveSnapshot {
  return useSyncExternalStore(feed?.store.subscribe ?? never, feed?.store.snapshot ?? (() => EMPTY))
}

export function useConnection(feed: LiveFeed | null): Connection {
  return useSyncExternalStore(
    feed?.stream.subscribe ?? never,
    feed?.stream.connection ?? (() => IDLE),
  )
}

/** The steps of one node; renders again only when one of them changed, at most once a frame. */
export function useNodeSteps(feed: LiveFeed | null, node: string): NodeSteps | undefined {
  const subscribe = useCallback(
    (listener: () => void) => feed?.store.subscribeToNode(node, listener) ?? (() => undefined),
    [feed, node],
  )
  return useSyncExternalStore(subscribe, () => feed?.store.nodeSteps(node))
}
