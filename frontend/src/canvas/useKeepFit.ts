import type { OnMoveEnd } from '@xyflow/react'
import { useReactFlow } from '@xyflow/react'
import type { RefObject } from 'react'
import { useCallback, useEffect, useRef } from 'react'

/** Room is left for the toolbar below, and for the figures that a run writes under a card. */
export const FIT = {
  padding: { top: '40px', bottom: '96px', x: '6%' },
  maxZoom: 1,
} as const

/** Keeps the whole graph in view while panels open beside it, until the person moves the view. */
export function useKeepFit(canvas: RefObject<HTMLElement | null>): OnMoveEnd {
  const { fitView } = useReactFlow()
  const moved = useRef(false)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      if (!moved.current) requestAnimationFrame(() => void fitView(FIT))
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [canvas, fitView])
  return useCallback((event) => {
    // A move that no pointer made is ours.
    if (event) moved.current = true
  }, [])
}
