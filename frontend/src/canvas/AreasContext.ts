import { createContext, useContext } from 'react'
import type { Area } from './areas'

const NONE: readonly Area[] = []

/** Where the regions of the graph lie that is shown. */
export const AreasContext = createContext<readonly Area[]>(NONE)

/** The area of the loop that begins at `head`. */
export const useLoopArea = (head: string): Area | undefined =>
  useContext(AreasContext).find(({ region }) => region.kind === 'loop' && region.opener === head)
