import type { Position } from '@/graph/document'
import type { Box, Link } from '@/graph/layout'
import { sourceOf, targetOf } from '@/graph/document'
import type { EditorState } from './editorStore'
import { graphOf } from './editorStore'
import { CARD_WIDTH, cardHeight } from './geometry'

const WORKER_ABOVE = 200
/** Room for the line of figures that a run writes under a card. */
const FIGURES = 22

/** Where dagre would put each node, kept about where the graph is now. */
export async function layoutOf(state: EditorState): Promise<Map<string, Position>> {
  const boxes = state.nodes.map(({ id, data }): Box => ({
    id,
    width: CARD_WIDTH,
    height: cardHeight(data.type, data.outputs) + FIGURES,
  }))
  const links = graphOf(state)
    .edges.filter((edge) => !edge.loop)
    .map((edge) => ({ source: sourceOf(edge).node, target: targetOf(edge).node }))
  return boxes.length > WORKER_ABOVE ? inWorker(boxes, links) : inPlace(boxes, links)
}

async function inPlace(boxes: Box[], links: Link[]) {
  const { arrange } = await import('@/graph/layout')
  return arrange(boxes, links)
}

function inWorker(boxes: Box[], links: Link[]): Promise<Map<string, Position>> {
  const worker = new Worker(new URL('../graph/layout.worker.ts', import.meta.url), {
    type: 'module',
  })
  return new Promise<Map<string, Position>>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Map<string, Position>>) => {
      resolve(data)
    }
    worker.onerror = (event) => {
      reject(new Error(event.message))
    }
    worker.postMessage({ boxes, links })
  }).finally(() => {
    worker.terminate()
  })
}
