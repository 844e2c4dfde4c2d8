// Generated workflows, and the events of a run in which every node streams.

const port = (name, type = 'any') => ({ name, type, label: name })
const TYPES = [
  {
    type: 'agent',
    version: 1,
    group: 'AI',
    label: 'Agent',
    help: 'Ask a language model.',
    icon: 'bot',
    effect: 'read',
    inputs: [port('in')],
    outputs: [port('out', 'text')],
    output_rule: null,
    summary: '{model}: {prompt}',
    config_schema: {
      type: 'object',
      required: ['prompt'],
      properties: { model: { type: 'string' }, prompt: { type: 'string', 'x-kind': 'template' } },
    },
  },
  {
    type: 'condition',
    version: 1,
    group: 'flow',
    label: 'Condition',
    help: 'Choose a branch.',
    icon: 'split',
    effect: 'pure',
    inputs: [port('in')],
    outputs: [port('true'), port('false')],
    output_rule: null,
    summary: '{expression}',
    config_schema: {
      type: 'object',
      properties: { expression: { type: 'string', 'x-kind': 'expression' } },
    },
  },
]

/** A grid of `count` nodes, each fed by the one to its left, every tenth one a condition. */
export function graphOf(count) {
  const rows = Math.ceil(Math.sqrt(count / 2))
  const nodes = Array.from({ length: count }, (_, n) => {
    const type = n % 10 === 9 ? 'condition' : 'agent'
    return {
      id: `n${n}`,
      type,
      v: 1,
      label: `${type === 'agent' ? 'Agent' : 'Check'} ${n}`,
      position: { x: Math.floor(n / rows) * 312, y: (n % rows) * 150 },
      config:
        type === 'agent'
          ? { prompt: `Summarise part ${n} of the report in two sentences.` }
          : { expression: 'nodes.n0.score >= 7' },
    }
  })
  const edges = nodes.slice(rows).map((node, n) => ({
    source: nodes[n].id,
    ...(nodes[n].type === 'condition' ? { source_port: n % 20 < 10 ? 'true' : 'false' } : {}),
    target: node.id,
  }))
  return {
    schema: 1,
    inputs: { type: 'object', properties: {} },
    nodes,
    edges: [...edges, ...regionsOf(nodes, rows).flatMap(loopOf)],
    settings: {},
    notes: [],
  }
}

/** Every other row of three repeats: a loop, then a split, and so on. */
function regionsOf(nodes, rows) {
  const heads = Array.from({ length: Math.floor(rows / 2) }, (_, n) => n * 2)
  return heads.flatMap((head, n) => {
    const members = [head, head + rows, head + 2 * rows].map((at) => nodes[at]?.id)
    if (members.includes(undefined)) return []
    return [{ kind: n % 2 ? 'split' : 'loop', opener: members[0], members, closers: [] }]
  })
}

const loopOf = ({ kind, opener, members }) =>
  kind === 'loop' ? [{ source: members.at(-1), target: opener, loop: { max_iterations: 10 } }] : []

/** The rows of the grid that `graphOf` laid a graph out in. */
const rowsOf = (graph) => Math.ceil(Math.sqrt(graph.nodes.length / 2))

export function answers(graph) {
  const workspace = { id: 'k1', name: 'Bench' }
  const user = { id: 'u1', username: 'bench', has_password: true }
  const me = { user, workspace, role: 'owner', workspaces: [workspace] }
  const workflow = {
    id: 'w1',
    slug: 'bench',
    name: 'Bench',
    graph,
    revision: 1,
    published_version: null,
    updated_at: new Date().toISOString(),
  }
  const regions = regionsOf(graph.nodes, rowsOf(graph))
  const judged = { valid: true, errors: [], warnings: [], regions }
  const run = {
    id: 'r1',
    workflow: 'w1',
    workflow_name: 'Bench',
    version: 'draft',
    status: 'running',
    input: {},
    output: null,
    error: null,
    started_at: new Date().toISOString(),
    finished_at: null,
    duration_ms: null,
    usage: { input_tokens: 0, output_tokens: 0, cost_usd: null },
    steps: {},
    graph,
  }
  const table = {
    'me/': me,
    'node-types/': { results: TYPES, next: null },
    'models/': { results: [], next: null, default: null },
    'workflows/': { results: [], next: null },
    'workflows/w1/': workflow,
    'workflows/w1/validate/': judged,
    'workflows/validate/': judged,
    'runs/': { results: [], next: null },
    'runs/r1/': run,
  }
  return (method, path) => {
    const body = table[path.split('?')[0].replace('/api/v1/', '')]
    return body && { body }
  }
}

/** Events that start every node, then one delta for each, as often as asked. */
export function eventsOf(graph) {
  const at = new Date().toISOString()
  let seq = 0
  const event = (type, step, data) => ({
    seq: (seq += 1),
    type,
    run: 'r1',
    step,
    node: step,
    at,
    data,
  })
  const words = 'and the tide came in over the flat grey sand while we spoke '
  return {
    start: [
      event('run.started', null, {}),
      ...graph.nodes.map(({ id }) => event('step.started', id, { attempt: 1 })),
    ],
    deltas: (n) =>
      graph.nodes.map(({ id }) => ({
        ...event('step.delta', id, {
          step: id,
          call: 1,
          attempt: 1,
          offset: n * words.length,
          text: words,
        }),
        seq: null,
      })),
  }
}

/** Events of a run whose node `n1` was done for `count` items, told as fast as they can be read. */
export function itemsOf(count) {
  const at = new Date().toISOString()
  let seq = 0
  const event = (type, step, data) => ({
    ...{ seq: (seq += 1), type, run: 'r1', step, node: step && step.split(':')[0], at, data },
  })
  const ended = { output: 1, ports: ['out'], duration_ms: 1 }
  return [
    event('run.started', null, { input: {}, variables: {} }),
    ...Array.from({ length: count }, (_, n) => [
      event('step.started', `n1:${n}`, { attempt: 1, sources: [] }),
      event('step.succeeded', `n1:${n}`, ended),
    ]).flat(),
  ]
}
