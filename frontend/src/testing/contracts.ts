import type { NodeType } from '@/graph/catalogue'
import type { JsonObject } from '@/graph/json'
import type { RunEvent } from '@/live/events'
import catalogue from '../../../tests/contracts/catalogue.json'
import events from '../../../tests/contracts/events.json'
import configs from '../../../tests/contracts/node_types.json'

/** One example of each type of event, which the server's tests read too. */
export const EVENTS = events as unknown as RunEvent[]

/** An example config of each node type, which the server's tests read too. */
export const CONFIGS = configs as unknown as Record<string, JsonObject>

/** The node types as the server tells them. */
export const NODE_TYPES = catalogue as unknown as NodeType[]
