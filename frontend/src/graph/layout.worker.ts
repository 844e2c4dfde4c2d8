import type { Box, Link } from './layout'
import { arrange } from './layout'

self.onmessage = (event: MessageEvent<{ boxes: Box[]; links: Link[] }>) => {
  self.postMessage(arrange(event.data.boxes, event.data.links))
}
