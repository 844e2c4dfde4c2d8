import { ArrowRightFromLine, ArrowRightToLine, Copy, Ellipsis, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { NodeIcon } from '@/canvas/NodeIcon'
import { useEditor, useEditorStore } from '@/canvas/editorStore'
import { useActions } from '@/canvas/useActions'
import { useRunnerContext } from '@/canvas/useRunner'
import { configure, setLabel, setPolicy, typeLabel } from '@/graph/commands'
import type { GraphNode } from '@/graph/document'
import { labelOf } from '@/graph/document'
import { PART_WORDS } from '@/graph/part'
import type { Problem } from '@/graph/problems'
import { IconButton } from '@/ui/Button'
import { Menu } from '@/ui/Menu'
import { Tabs } from '@/ui/Tabs'
import { Connections } from './Connections'
import { ScopeContext } from './code/ScopeContext'
import { LastStep } from './LastStep'
import { NodeId } from './NodeId'
import { PinEditor } from './PinButton'
import { PanelHead } from './PanelHead'
import { PolicyForm } from './PolicyForm'
import { SchemaForm } from './schema/SchemaForm'
import { useNodeScope } from './useNodeScope'

interface NodeInspectorProps {
  node: GraphNode
  run: string | null
  close: () => void
}

export function NodeInspector({ node, run, close }: NodeInspectorProps) {
  const [tab, setTab] = useState<'settings' | 'run'>('settings')
  const store = useEditorStore()
  const type = useEditor((state) => state.catalogue.get(node.type))
  const catalogue = useEditor((state) => state.catalogue)
  const scope = useNodeScope(node.id, run)
  const { perform } = store.getState()
  return (
    <div className="inspector__body" data-group={type?.group}>
      <PanelHead
        icon={<NodeIcon name={type?.icon ?? 'circle-help'} />}
        title={
          <input
            className="inspector__label"
            aria-label="Name of the node"
            value={node.label ?? ''}
            placeholder={node.id}
            onChange={(event) => {
              perform(setLabel(node.id, event.target.value))
            }}
          />
        }
        actions={<NodeMenu node={node.id} />}
        close={close}
      />
      <div className="inspector__sub">
        <span>{typeLabel(node, catalogue)}</span>
        <NodeId node={node} />
      </div>
      <Tabs
        label={`Parts of ${labelOf(node)}`}
        className="inspector__tabs"
        tabs={[
          { value: 'settings', label: 'Settings' },
          { value: 'run', label: 'Last run' },
        ]}
        value={tab}
        onChange={setTab}
      >
        {tab === 'run' ? (
          <>
            <PinEditor node={node} />
            <LastStep node={node.id} run={run} pinned={node.pin !== undefined} />
          </>
        ) : (
          <ScopeContext value={scope}>
            <Settings node={node} />
          </ScopeContext>
        )}
      </Tabs>
    </div>
  )
}

const NONE: readonly Problem[] = []

function Settings({ node }: { node: GraphNode }) {
  const { perform } = useEditorStore().getState()
  const type = useEditor((state) => state.catalogue.get(node.type))
  const problems = useEditor((state) => state.problems.byNode.get(node.id)) ?? NONE
  if (!type) {
    return (
      <p className="inspector__note">
        This server has no node type called “{node.type}”. The node keeps its settings, and runs
        once the type is back.
      </p>
    )
  }
  return (
    <>
      <p className="inspector__note">{type.help}</p>
      <LooseProblems
        problems={problems}
        fields={Object.keys(type.config_schema.properties ?? {})}
      />
      <SchemaForm
        schema={type.config_schema}
        value={node.config ?? {}}
        problems={problems}
        onChange={(field, value) => {
          perform(configure(node.id, field, value))
        }}
      />
      <PolicyForm
        policy={node.policy ?? {}}
        onChange={(policy) => {
          perform(setPolicy(node.id, policy))
        }}
      />
      <Connections id={node.id} />
    </>
  )
}

/** What is wrong with the node as a whole, not with one of its fields. */
function LooseProblems({ problems, fields }: { problems: readonly Problem[]; fields: string[] }) {
  const loose = problems.filter(({ field }) => {
    const name = (field ?? '').replace(/^config\./, '').split(/[.[]/)[0]
    return !fields.includes(name ?? '')
  })
  if (loose.length === 0) return null
  return (
    <ul className="inspector__problems" aria-label="Problems of this node">
      {loose.map((problem) => (
        <li key={problem.code + problem.message} data-severity={problem.severity}>
          {problem.message}
        </li>
      ))}
    </ul>
  )
}

const PARTS = [
  { kind: 'until', icon: <ArrowRightToLine size={14} /> },
  { kind: 'only', icon: <Play size={14} /> },
  { kind: 'from', icon: <ArrowRightFromLine size={14} /> },
] as const

function NodeMenu({ node }: { node: string }) {
  const actions = useActions()
  const runner = useRunnerContext()
  const parts = PARTS.map(({ kind, icon }) => ({
    label: PART_WORDS[kind],
    icon,
    onSelect: () => {
      runner?.run({ kind, node })
    },
  }))
  return (
    <Menu
      trigger={<IconButton label="More for this node" size="small" icon={<Ellipsis size={15} />} />}
      items={[
        ...(runner ? [...parts, 'line' as const] : []),
        {
          label: 'Duplicate',
          icon: <Copy size={14} />,
          keys: 'Mod+D',
          onSelect: actions.duplicate,
        },
        'line',
        {
          label: 'Delete',
          icon: <Trash2 size={14} />,
          keys: 'Del',
          danger: true,
          onSelect: actions.removeSelected,
        },
      ]}
    />
  )
}
