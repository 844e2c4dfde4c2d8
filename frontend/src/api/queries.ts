import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ExpressionFunction } from '@/graph/completion'
import type { Draft, Graph } from '@/graph/document'
import type { Json, JsonObject } from '@/graph/json'
import type { NodeType } from '@/graph/catalogue'
import { makeCatalogue } from '@/graph/catalogue'
import type { StartOfPart } from '@/graph/part'
import type { Problem } from '@/graph/problems'
import type { Region, Regions } from '@/graph/regions'
import { NO_REGIONS } from '@/graph/regions'
import { request } from './client'
import type {
  Me,
  Models,
  Page,
  Run,
  RunSummary,
  Step,
  Template,
  Workflow,
  WorkflowSummary,
} from './types'

const v1 = (path: string) => `/api/v1/${path}`
const HOUR = 3_600_000

export const useMe = () =>
  useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => request<Me>('GET', v1('me/'), { signal }),
    staleTime: HOUR,
  })

/** Whether the caller may change and run workflows, rather than only look at them. */
export const useMayEdit = () => useMe().data?.role !== 'viewer'

export const useCatalogue = () =>
  useQuery({
    queryKey: ['node-types'],
    queryFn: ({ signal }) => request<Page<NodeType>>('GET', v1('node-types/'), { signal }),
    select: toCatalogue,
    staleTime: HOUR,
  })

export const useFunctions = () =>
  useQuery({
    queryKey: ['functions'],
    queryFn: ({ signal }) =>
      request<Page<ExpressionFunction>>('GET', v1('expressions/functions/'), { signal }),
    select: (page) => page.results,
    staleTime: HOUR,
  })

const toCatalogue = (page: Page<NodeType>) => makeCatalogue(page.results)

export const useModels = () =>
  useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => request<Models>('GET', v1('models/'), { signal }),
    staleTime: 60_000,
  })

export const useTemplates = () =>
  useQuery({
    queryKey: ['templates'],
    queryFn: ({ signal }) => request<Page<Template>>('GET', v1('templates/'), { signal }),
    staleTime: HOUR,
  })

export const useWorkflows = () =>
  useInfiniteQuery({
    queryKey: ['workflows'],
    initialPageParam: v1('workflows/?limit=50'),
    queryFn: ({ pageParam, signal }) =>
      request<Page<WorkflowSummary>>('GET', pageParam, { signal }),
    getNextPageParam: (page) => page.next,
  })

export const fetchWorkflow = (id: string, signal?: AbortSignal) =>
  request<Workflow>('GET', v1(`workflows/${id}/`), { signal })

export const useWorkflow = (id: string) =>
  useQuery({
    queryKey: ['workflow', id],
    queryFn: ({ signal }) => fetchWorkflow(id, signal),
    // The editor holds what is newer; a background refetch would only compete with it.
    staleTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export function useCreateWorkflow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { name: string; graph?: Graph }) =>
      request<Workflow>('POST', v1('workflows/'), { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['workflows'] }),
  })
}

export function useUseTemplate() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (slug: string) =>
      request<Workflow>('POST', v1(`templates/${slug}/use/`), { body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['workflows'] }),
  })
}

export function useArchiveWorkflow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request<undefined>('DELETE', v1(`workflows/${id}/`)),
    onSuccess: () => client.invalidateQueries({ queryKey: ['workflows'] }),
  })
}

export const saveDraft = (id: string, revision: number, draft: Draft, keepalive = false) =>
  request<Workflow>('PATCH', v1(`workflows/${id}/`), {
    body: { revision, name: draft.name, graph: draft.graph },
    keepalive,
  })

export interface Validation {
  valid: boolean
  errors: Omit<Problem, 'severity'>[]
  warnings: Omit<Problem, 'severity'>[]
  regions: Region[]
}

export const validateGraph = (id: string, graph: Graph, signal: AbortSignal) =>
  request<Validation>('POST', v1(`workflows/${id}/validate/`), { body: { graph }, signal })

/** Where a graph repeats that is only looked at; none while nobody knows. */
export const useRegions = (graph: Graph): Regions =>
  useQuery({
    queryKey: ['regions', graph],
    queryFn: ({ signal }) =>
      request<Validation>('POST', v1('workflows/validate/'), { body: { graph }, signal }),
    select: ({ regions }) => regions,
    enabled:
      graph.edges.some((edge) => edge.loop) || graph.nodes.some(({ type }) => type === 'split'),
    staleTime: Infinity,
  }).data ?? NO_REGIONS

export const startRun = (
  workflow: string,
  input: JsonObject,
  version: 'draft' | number,
  part: StartOfPart = {},
) =>
  request<Run>('POST', v1(`workflows/${workflow}/runs/`), {
    body: { input, version, ...part },
    headers: { 'Idempotency-Key': crypto.randomUUID() },
  })

export const cancelRun = (run: string) =>
  request<Run>('POST', v1(`runs/${run}/cancel/`), { body: {} })

export interface RunFilters {
  workflow: string
  status: string
  q: string
}

export const useRuns = (filters: RunFilters) =>
  useInfiniteQuery({
    queryKey: ['runs', filters],
    initialPageParam: v1(`runs/?${queryOf(filters)}`),
    queryFn: ({ pageParam, signal }) => request<Page<RunSummary>>('GET', pageParam, { signal }),
    getNextPageParam: (page) => page.next,
    // Live while something is going on, and now and then for what others start.
    refetchInterval: ({ state }) => {
      const runs = state.data?.pages.flatMap((page) => page.results) ?? []
      return runs.some((run) => !isEnded(run.status)) ? 2000 : 10_000
    },
  })

function queryOf(filters: RunFilters): string {
  const query = new URLSearchParams({ limit: '30' })
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value as string)
  return query.toString()
}

export const isEnded = (status: string) => ['succeeded', 'failed', 'cancelled'].includes(status)

export const useRun = (id: string | null) =>
  useQuery({
    queryKey: ['run', id],
    queryFn: ({ signal }) => request<Run>('GET', v1(`runs/${id ?? ''}/`), { signal }),
    enabled: id !== null,
  })

/** One step with its calls in full; `seen` makes it fresh again when the step moves on. */
export const useStep = (run: string | null, key: string | null, seen: string) =>
  useQuery({
    queryKey: ['step', run, key, seen],
    queryFn: ({ signal }) =>
      request<Step>('GET', v1(`runs/${run ?? ''}/steps/${encodeURIComponent(key ?? '')}/`), {
        signal,
      }),
    enabled: run !== null && key !== null,
    placeholderData: (before, query) => (query?.queryKey[2] === key ? before : undefined),
  })

export interface Evaluated {
  value: Json
  type: string
}

export const evaluate = (expression: string, values: JsonObject, signal: AbortSignal) =>
  request<Evaluated>('POST', v1('expressions/evaluate/'), { body: { expression, values }, signal })

export const fetchSteps = (run: string, signal?: AbortSignal) =>
  request<Page<Step>>('GET', v1(`runs/${run}/steps/?limit=200`), { signal })

/** The steps of a run with their outputs, and its input: what expressions can be tried on. */
export const useSteps = (run: string | null, seen: string) =>
  useQuery({
    queryKey: ['steps', run, seen],
    queryFn: ({ signal }) => fetchSteps(run ?? '', signal),
    enabled: run !== null,
  })

export const useLatestRun = (workflow: string) =>
  useQuery({
    queryKey: ['latest-run', workflow],
    queryFn: ({ signal }) =>
      request<Page<RunSummary>>('GET', v1(`runs/?workflow=${workflow}&limit=1`), { signal }),
    select: (page) => page.results[0] ?? null,
  })
