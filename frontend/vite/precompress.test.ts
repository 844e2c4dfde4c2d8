import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { precompress } from './precompress'

const LONG = 'text '.repeat(1000)

it('text files get what is sent of them beside them, at any depth', () => {
  const folder = mkdtempSync(`${tmpdir()}/precompress-`)
  mkdirSync(`${folder}/assets`)
  for (const name of ['icon.svg', 'assets/main.js', 'assets/main.css', 'assets/font.woff2']) {
    writeFileSync(`${folder}/${name}`, LONG)
  }
  writeFileSync(`${folder}/assets/short.js`, 'short')

  precompress(folder)

  expect([...readdirSync(`${folder}/assets`)].sort()).toEqual([
    'font.woff2',
    'main.css',
    'main.css.br',
    'main.css.gz',
    'main.js',
    'main.js.br',
    'main.js.gz',
    'short.js',
  ])
  expect(gunzipSync(readFileSync(`${folder}/icon.svg.gz`)).toString()).toBe(LONG)
  expect(brotliDecompressSync(readFileSync(`${folder}/assets/main.js.br`)).toString()).toBe(LONG)
})
