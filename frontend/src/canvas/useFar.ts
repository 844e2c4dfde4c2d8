import { useStore } from '@xyflow/react'

/** Below this zoom a card shows its title, its status and how far it is. */
const FAR = 0.5

/** Whether the canvas is seen from so far that only large letters can be read. */
export const useFar = (): boolean => useStore((state) => state.transform[2] < FAR)
