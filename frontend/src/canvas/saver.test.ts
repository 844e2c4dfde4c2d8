import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/errors'
import type { Workflow } from '@/api/types'
import type { Draft } from '@/graph/document'
import { EMPTY_GRAPH } from '@/graph/document'
import { Saver } from './saver'
import type { Unsaved } from './unsaved'

const draft = (name: string): Draft => ({ name, graph: EMPTY_GRAPH })

/** A server that holds one workflow, in memory, and may be away. */
class Server {
  revision = 1
  name = 'first'
  away = false
  kept: Unsaved | null = null

  private get workflow() {
    return { revision: this.revision, name: this.name, graph: EMPTY_GRAPH } as Workflow
  }

  options() {
    return {
      revision: this.revision,
      saved: draft(this.name),
      keep: (unsaved: Unsaved | null) => {
        this.kept = unsaved
      },
      current: () => Promise.resolve(this.workflow),
      send: (revision: number, sent: Draft) => this.take(revision, sent),
    }
  }

  take(revision: number, sent: Draft): Promise<Workflow> {
    if (this.away) return Promise.reject(new ApiError(0, { code: 'offline' }))
    if (revision !== this.revision)
      return Promise.reject(new ApiError(409, { current: this.revision }))
    this.revision += 1
    this.name = sent.name
    return Promise.resolve(this.workflow)
  }
}

function open(server: Server): Saver {
  const saver = new Saver(server.options())
  saver.open()
  return saver
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
const settle = () => vi.advanceTimersByTimeAsync(5000)

it('a change is saved a moment later, once for all that was typed', async () => {
  const server = new Server()
  const saver = open(server)
  for (const name of ['s', 'se', 'second']) saver.change(draft(name))
  expect(saver.state()).toEqual({ state: 'dirty' })
  await settle()

  expect(saver.state()).toEqual({ state: 'saved' })
  expect([server.name, server.revision, server.kept]).toEqual(['second', 2, null])
})

it('what comes while a save is under way is saved after it', async () => {
  const server = new Server()
  const saver = open(server)
  saver.change(draft('second'))
  const flushed = saver.flush()
  saver.change(draft('third'))
  await flushed
  await settle()

  expect([server.name, server.revision]).toEqual(['third', 3])
})

it('offline, the draft is kept in the browser and saved when the server is back', async () => {
  const server = new Server()
  const saver = open(server)
  server.away = true
  saver.change(draft('second'))
  await settle()
  expect(saver.state()).toEqual({ state: 'offline' })
  expect(server.kept).toEqual({ revision: 1, draft: draft('second') })

  server.away = false
  await settle()
  expect([saver.state().state, server.name, server.kept]).toEqual(['saved', 'second', null])
})

async function conflict() {
  const server = new Server()
  const saver = open(server)
  await server.take(1, draft('theirs'))
  saver.change(draft('mine'))
  await settle()
  return { server, saver }
}

it('a stale revision is a conflict, which overwrites nothing by itself', async () => {
  const { server, saver } = await conflict()

  expect(saver.state()).toEqual({
    state: 'conflict',
    theirs: { revision: 2, draft: draft('theirs') },
  })
  expect(server.name).toBe('theirs')
  await expect(saver.flush()).rejects.toThrow('Choose first')
})

it.each([
  ['mine', 3],
  ['theirs', 2],
])('a conflict that is settled for %s goes on from the newer revision', async (name, revision) => {
  const { server, saver } = await conflict()
  saver.settle(draft(name))
  await settle()

  expect([saver.state().state, server.name, server.revision]).toEqual(['saved', name, revision])
})

it('a save whose answer was lost is no conflict when it is tried again', async () => {
  const server = new Server()
  const saver = open(server)
  await server.take(1, draft('second'))
  saver.change(draft('second'))
  await settle()

  expect([saver.state().state, saver.revision, server.revision]).toEqual(['saved', 2, 2])
})

it('a draft that the server refuses says so', async () => {
  const server = new Server()
  const refused = new ApiError(400, { detail: 'The document is malformed.' })
  const saver = new Saver({ ...server.options(), send: () => Promise.reject(refused) })
  saver.open()
  saver.change(draft('second'))
  await settle()

  expect(saver.state()).toEqual({ state: 'failed', message: 'The document is malformed.' })
})
