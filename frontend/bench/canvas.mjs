// Measures the canvas of the built front end in a real browser, and prints a line for each figure.
// It fails nothing by time: read the figures beside their budgets.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import { answers, eventsOf, graphOf, itemsOf } from './graphs.mjs'
import { serve } from './server.mjs'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const STATIC = fileURLToPath(new URL('../../static/', import.meta.url))

if (!existsSync(`${STATIC}.vite/manifest.json`)) {
  console.error('The front end is not built: run `npm run build` first.')
  process.exit(1)
}

const line = (name, value, budget) => {
  console.log(`${name.padEnd(46)} ${String(value).padStart(10)}   ${budget}`)
}

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  chromiumSandbox: false,
  args: ['--disable-gpu', '--disable-background-networking', '--no-first-run'],
})

/** Opens a workflow of `count` nodes; gives the page and how long the first full paint took, in ms. */
async function open(count, { run = false } = {}) {
  const graph = graphOf(count)
  const server = await serve(answers(graph))
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  page.on('pageerror', (error) => console.error(error.message))
  let send = () => undefined
  if (run)
    await page.routeWebSocket(/\/ws\//, (socket) => {
      send = (event) => {
        socket.send(JSON.stringify(event))
      }
    })
  await page.goto(`${server.origin}/sign-in/`)
  const begun = Date.now()
  await page.goto(`${server.origin}/workflows/w1${run ? '?run=r1' : ''}`)
  await page.waitForFunction(
    (n) => document.querySelectorAll('.react-flow__node').length >= n,
    count,
    { polling: 'raf' },
  )
  const openMs = Date.now() - begun
  await page.waitForTimeout(400)
  return {
    page,
    graph,
    openMs,
    send: (event) => {
      send(event)
    },
    close: () => page.close().then(server.close),
  }
}

/** Frames per second while `act` goes on for `ms`. */
async function framesDuring(page, ms, act) {
  const counting = page.evaluate(
    (length) =>
      new Promise((resolve) => {
        const begun = performance.now()
        let frames = 0
        let worst = 0
        let last = begun
        const tick = (now) => {
          frames += 1
          worst = Math.max(worst, now - last)
          last = now
          if (now - begun < length) requestAnimationFrame(tick)
          else resolve({ fps: (frames * 1000) / (now - begun), worst })
        }
        requestAnimationFrame(tick)
      }),
    ms,
  )
  await act()
  return counting
}

async function pan(page, ms) {
  const until = Date.now() + ms
  for (let n = 0; Date.now() < until; n += 1) {
    await page.mouse.wheel(n % 40 < 20 ? 24 : -24, n % 20 < 10 ? 12 : -12)
  }
}

async function measureOpening(count, budget) {
  const opened = await open(count)
  line(`${count} nodes: open`, `${opened.openMs} ms`, budget)
  await opened.page.mouse.move(600, 400)
  const { fps, worst } = await framesDuring(opened.page, 2000, () => pan(opened.page, 1900))
  line(
    `${count} nodes: pan, all in view`,
    `${fps.toFixed(0)} fps`,
    `worst frame ${worst.toFixed(0)} ms`,
  )
  return opened
}

async function measureElements() {
  const { page, close } = await open(12, { run: true })
  await page.keyboard.press('0')
  await page.waitForTimeout(400)
  const most = await page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('.react-flow__node')].map(
        (node) => node.querySelectorAll('*').length + 1,
      ),
    ),
  )
  line('DOM elements a card at 100%', most, 'at most 25')
  await close()
}

async function measureLive(count, zoomed) {
  const { page, graph, send, close } = await open(count, { run: true })
  if (zoomed) {
    await page.keyboard.press('0')
    await page.waitForTimeout(300)
  }
  const events = eventsOf(graph)
  for (const event of events.start) send(event)
  const { fps, worst } = await framesDuring(page, 3000, async () => {
    for (let n = 0; n < 60; n += 1) {
      for (const event of events.deltas(n)) send(event)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })
  const most = await page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('.react-flow__node')].map(
        (node) => node.querySelectorAll('*').length + 1,
      ),
    ),
  )
  const where = zoomed ? 'at 100%' : 'all in view'
  line(
    `${count} nodes told 20 times a second, ${where}`,
    `${fps.toFixed(0)} fps`,
    `above 30; worst frame ${worst.toFixed(0)} ms`,
  )
  if (zoomed) line('DOM elements a running card', most, 'at most 25')
  await close()
}

/** A run page with so many steps: until the waterfall shows them all, and while it is scrolled. */
async function measureWaterfall(count) {
  const server = await serve(answers(graphOf(12)))
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  page.on('pageerror', (error) => console.error(error.message))
  const events = itemsOf(count)
  await page.routeWebSocket(/\/ws\//, (socket) => {
    for (const event of events) socket.send(JSON.stringify(event))
  })
  await page.goto(`${server.origin}/sign-in/`)
  const begun = Date.now()
  await page.goto(`${server.origin}/runs/r1`)
  await page.waitForFunction((last) => document.querySelector(`[aria-setsize="${last}"]`), count, {
    polling: 'raf',
    timeout: 60_000,
  })
  line(`${count} steps: open the run`, `${Date.now() - begun} ms`, 'usable')
  const box = await page.locator('.waterfall__window').boundingBox()
  await page.mouse.move(box.x + 200, box.y + 100)
  const { fps, worst } = await framesDuring(page, 2000, () => pan(page, 1900))
  const rows = await page.locator('.waterfall__rows > li').count()
  line(
    `${count} steps: scroll the waterfall`,
    `${fps.toFixed(0)} fps`,
    `worst ${worst.toFixed(0)} ms`,
  )
  line('Rows on the page', rows, '')
  await page.close()
  server.close()
}

/** What a route loads before anything else is asked for, and with all that comes late, in KB gzipped. */
function measureSize() {
  const manifest = JSON.parse(readFileSync(`${STATIC}.vite/manifest.json`, 'utf8'))
  const closure = (names, dynamic, seen = new Set()) => {
    for (const name of names) {
      if (seen.has(name)) continue
      seen.add(name)
      const { imports = [], dynamicImports = [] } = manifest[name]
      closure([...imports, ...(dynamic ? dynamicImports : [])], dynamic, seen)
    }
    return seen
  }
  const size = (names) => {
    const files = new Set(
      [...names].flatMap((name) => [manifest[name].file, ...(manifest[name].css ?? [])]),
    )
    const bytes = [...files]
      .filter((file) => /\.(js|css)$/.test(file))
      .map((file) => gzipSync(readFileSync(STATIC + file)).length)
    return Math.round(bytes.reduce((sum, each) => sum + each, 0) / 1024)
  }
  const editor = ['src/main.tsx', 'src/canvas/EditorPage.tsx']
  line('Editor to open, gzip', `${size(closure(editor, false))} KB`, '')
  line(
    'Editor with all that it loads late, gzip',
    `${size(closure(['src/canvas/EditorPage.tsx', ...closure(['src/main.tsx'], false)], true))} KB`,
    'under 600 KB',
  )
}

measureSize()
await measureElements()
const large = await measureOpening(200, 'under 1500 ms')
await large.close()
const larger = await measureOpening(500, 'usable')
await larger.close()
await measureLive(50, false)
await measureLive(50, true)
await measureWaterfall(10_000)
await browser.close()
