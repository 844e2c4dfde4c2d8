import type { OnMoveEnd } from '@xyflow/react'
import { useReactFlow } from '@xyflow/react'
import type { RefObject } from 'react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { placedOf, useEditorStore } from './editorStore'
import { viewportOf } from './viewport'

interface KeepFit {
  onInit: () => void
  onMoveEnd: OnMoveEnd
}

/** Keeps the whole graph in view while panels open beside it, until the person moves the view. */
export function useKeepFit(canvas: RefObject<HTMLElement | null>): KeepFit {
  const store = useEditorStore()
  const { setViewport } = useReactFlow()
  const [ready, setReady] = useState(false)
  const moved = useRef(false)
  useEffect(() => {
    const element = canvas.current
    if (!element || !ready) return
    // Told once at the start too.
    const observer = new ResizeObserver(([entry]) => {
      if (!entry || moved.current) return
      const { width, height } = entry.contentRect
      void setViewport(viewportOf(placedOf(store.getState()), width, height))
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [canvas, ready, store, setViewport])
  const onMoveEnd: OnMoveEnd = useCallback((event) => {
    // A move that no pointer made is ours.
    if (event) moved.current = true
  }, [])
  return {
    onInit: () => {
      setReady(true)
    },
    onMoveEnd,
  }
}
