import type { OnMoveEnd } from '@xyflow/react'
import { useReactFlow } from '@xyflow/react'
import type { RefObject } from 'react'
import { useCallback, useEffect, useRef } from 'react'

export const FIT = { padding: 0.14, maxZoom: 1 }

/** Keeps the whole graph in view while panels open beside it, until the person moves the view. */
export function useKeepFit(canvas: RefObject<HTMLElement | null>): OnMoveEnd {
  const { fitView } = useReactFlow()
  const moved = useRef(false)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    let first = true
    const observer = new ResizeObserver(() => {
      if (!first && !moved.current) requestAnimationFrame(() => void fitView(FIT))
      first = false
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
