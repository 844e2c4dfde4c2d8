import { createContext, useContext } from 'react'
import type { JsonObject } from '@/graph/json'
import type { ExpressionFunction } from '@/graph/completion'
import type { Scope } from '@/graph/scope'

export interface CodeScope {
  /** The names that can be read here. */
  scope: Scope
  /** What can be called. */
  functions: readonly ExpressionFunction[]
  /** What they stood for in the last run; null while there was none. */
  values: JsonObject | null
}

export const NO_SCOPE: CodeScope = { scope: [], functions: [], values: null }

export const ScopeContext = createContext<CodeScope>(NO_SCOPE)

export const useCodeScope = () => useContext(ScopeContext)
