import { expect, it } from 'vitest'
import type { Regions } from '@/graph/regions'
import { NO_REGIONS } from '@/graph/regions'
import { LiveStore } from '@/live/store'
import { journal } from '@/testing/events'
import type { Openness } from './rows'
import { rowsOf, toSelected, treeOf } from './rows'

/** The rows of steps that began in this order, as `depth name`, with `+` or `-` where they open. */
function shown(
  keys: string[],
  regions: Regions,
  { chosen = new Map(), toSelected = new Set() }: Partial<Openness> = {},
) {
  const event = journal()
  const store = new LiveStore((flush) => {
    flush()
  })
  for (const key of keys) {
    store.push(event(0, 'step.started', key))
    store.push(event(1, key.includes('!') ? 'step.failed' : 'step.succeeded', key))
  }
  return rowsOf(treeOf(store.snapshot().steps, regions), { chosen, toSelected }).map((row) => {
    const sign = row.open === null ? '' : row.open ? ' -' : ' +'
    return `${'. '.repeat(row.depth)}${row.kind === 'group' ? row.label : row.id}${sign}`
  })
}

const LOOP: Regions = [{ kind: 'loop', opener: 'draft', members: ['draft', 'judge'], closers: [] }]
const SPLIT: Regions = [
  { kind: 'split', opener: 'rows', members: ['score', 'tell'], closers: ['all'] },
]

it('the steps of a pass stand below it, those of the first pass too', () => {
  expect(shown(['start', 'draft', 'judge', 'draft~2', 'judge~2', 'end'], LOOP)).toEqual([
    'start',
    'Pass 1 -',
    '. draft',
    '. judge',
    'Pass 2 -',
    '. draft~2',
    '. judge~2',
    'end',
  ])
})

it('the items of a split stand below its step, each closed', () => {
  expect(shown(['rows', 'score:0', 'score:1', 'tell:0', 'all'], SPLIT)).toEqual([
    'rows -',
    '. Item 1 +',
    '. Item 2 +',
    'all',
  ])
})

it('an item is opened by hand, and with the step that is selected in it', () => {
  const keys = ['rows', 'score:0', 'score:1']

  expect(shown(keys, SPLIT, { chosen: new Map([['rows/item 1', true]]) })).toEqual([
    'rows -',
    '. Item 1 -',
    '. . score:0',
    '. Item 2 +',
  ])
  expect(shown(keys, SPLIT, { toSelected: toSelected('score:1', SPLIT) })).toEqual([
    'rows -',
    '. Item 1 +',
    '. Item 2 -',
    '. . score:1',
  ])
})

it('many items are closed away below their split', () => {
  const keys = Array.from({ length: 40 }, (_, n) => `score:${String(n)}`)

  expect(shown(['rows', ...keys], SPLIT)).toEqual(['rows +'])
})

it('what runs in a sub-workflow stands below its step, whatever it repeats itself', () => {
  const keys = ['review', 'review.read', 'review.judge:0', 'end']

  expect(shown(keys, NO_REGIONS)).toEqual(['review -', '. review.read', '. Item 1 +', 'end'])
})

it('a split within a loop has its items below the step of its pass', () => {
  const regions: Regions = [
    { kind: 'loop', opener: 'draft', members: ['draft', 'rows', 'score', 'all'], closers: [] },
    { kind: 'split', opener: 'rows', members: ['score'], closers: ['all'] },
  ]
  const keys = ['draft', 'rows', 'score:0', 'draft~2', 'rows~2', 'score~2:0']

  expect(shown(keys, regions)).toEqual([
    'Pass 1 -',
    '. draft',
    '. rows -',
    '. . Item 1 +',
    'Pass 2 -',
    '. draft~2',
    '. rows~2 -',
    '. . Item 1 +',
  ])
})
