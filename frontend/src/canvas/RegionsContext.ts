import { createContext, useContext, useMemo } from 'react'
import type { Regions } from '@/graph/regions'
import { NO_REGIONS, regionsAround } from '@/graph/regions'

/** The regions of the graph that is shown. */
export const RegionsContext = createContext<Regions>(NO_REGIONS)

/** The split whose items a node is done for, the innermost. */
export function useSplitAround(node: string): string | undefined {
  const regions = useContext(RegionsContext)
  return useMemo(
    () => regionsAround(regions, node).findLast(({ kind }) => kind === 'split')?.opener,
    [regions, node],
  )
}

/** Where the outermost loop begins that a node stands in. */
export function useLoopAround(node: string): string | undefined {
  const regions = useContext(RegionsContext)
  return useMemo(
    () => regionsAround(regions, node).find(({ kind }) => kind === 'loop')?.opener,
    [regions, node],
  )
}
