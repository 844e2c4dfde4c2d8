// Serves the built front end as the real server does (manifest, policy), with answers given by a table.
import { createReadStream, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const STATIC = fileURLToPath(new URL('../../static', import.meta.url))
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' }
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' ws:",
  "object-src 'none'",
  "base-uri 'none'",
].join('; ')

/** Starts on a free port; `answer(method, path, body)` gives `{ status?, body }` or undefined for 404. */
export function serve(answer) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://here')
    if (url.pathname.startsWith('/static/')) return file(response, url.pathname.slice(8))
    if (url.pathname.startsWith('/api/') || request.method !== 'GET')
      return api(answer, request, response, url)
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Set-Cookie': 'csrftoken=bench; Path=/',
    })
    response.end(shell())
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() })
    })
  })
}

function shell() {
  const manifest = JSON.parse(readFileSync(join(STATIC, '.vite/manifest.json'), 'utf8'))
  const { file: script, css = [] } = manifest['src/main.tsx']
  const styles = css.map((path) => `<link rel="stylesheet" href="/static/${path}">`).join('')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Wireloom</title>${styles}<script type="module" src="/static/${script}"></script></head><body><div id="root"></div></body></html>`
}

function file(response, path) {
  const full = normalize(join(STATIC, path))
  response.writeHead(200, { 'Content-Type': TYPES[extname(full)] ?? 'application/octet-stream' })
  createReadStream(full).pipe(response)
}

async function api(answer, request, response, url) {
  let text = ''
  for await (const chunk of request) text += chunk
  const given = await answer(
    request.method,
    url.pathname + url.search,
    text ? JSON.parse(text) : undefined,
  )
  const {
    status = given ? 200 : 404,
    body = { title: 'Not found', status: 404, code: 'not_found' },
  } = given ?? {}
  response.writeHead(status, {
    'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
  })
  response.end(status === 204 ? undefined : JSON.stringify(body))
}
