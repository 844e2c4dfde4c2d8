import { existsSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { precompressed } from './vite/precompress'

const outDir = fileURLToPath(new URL('../static', import.meta.url))
const backend = `http://127.0.0.1:${process.env.WIRELOOM_PORT ?? '8080'}`

/** To the server, as if its own page asked: it refuses what comes from other origins. */
const proxied = { target: backend, changeOrigin: true, headers: { Origin: backend } }

/** Empties the output folder but for its README, which is committed. */
function keepReadme(): Plugin {
  return {
    name: 'keep-readme',
    apply: 'build',
    buildStart() {
      if (!existsSync(outDir)) return
      for (const name of readdirSync(outDir)) {
        if (name !== 'README.md') rmSync(`${outDir}/${name}`, { recursive: true })
      }
    },
  }
}

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/static/' : '/',
  plugins: [react(), keepReadme(), precompressed(outDir)],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir,
    emptyOutDir: false,
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: 'src/main.tsx' },
  },
  server: {
    proxy: {
      '/api': proxied,
      '/health': proxied,
      '/sign-out': proxied,
      '/ws': { ...proxied, ws: true },
      // The page is ours; only its form's POST and the one-time link are the server's.
      '/sign-in': {
        ...proxied,
        bypass: (request) =>
          request.method === 'GET' && request.url?.split('?')[0] === '/sign-in/' ? '/' : undefined,
      },
    },
  },
  test: {
    restoreMocks: true,
    // What is pure is tested without a browser, which also takes a tenth of the time.
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          environment: 'node',
          include: ['src/**/*.test.ts', 'vite/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/testing/setup.ts'],
        },
      },
    ],
  },
}))
