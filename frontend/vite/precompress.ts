import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** What gains by it: fonts and pictures are compressed already. */
const TEXT = /\.(?:js|css|svg)$/
/** Below this many bytes the round trip costs more than the text. */
const SMALLEST = 1024

/** Puts beside every text file under `folder` what is sent of it to whoever takes gzip (`.gz`) or brotli (`.br`). */
export function precompress(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = `${folder}/${name}`
    if (!TEXT.test(name) || statSync(path).size < SMALLEST) continue
    const text = readFileSync(path)
    writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }))
    writeFileSync(`${path}.br`, brotliCompressSync(text))
  }
}

/** Does so after each build, once everything else is written. */
export function precompressed(folder: string): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    writeBundle: {
      order: 'post',
      handler() {
        precompress(folder)
        // A server that runs sees by its manifest that a build is new.
        const now = new Date()
        utimesSync(`${folder}/.vite/manifest.json`, now, now)
      },
    },
  }
}
