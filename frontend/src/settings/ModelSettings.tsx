import { Cpu } from 'lucide-react'
import { useModels } from '@/api/queries'
import type { Model } from '@/api/types'
import { Skeleton } from '@/ui/signs'
import { EmptyState, ErrorState } from '@/ui/states'

/** What nodes can choose from, what it costs, and whether its provider answers at the moment. */
export function ModelSettings() {
  const models = useModels()
  if (models.error)
    return (
      <ErrorState
        title="The models could not be loaded"
        error={models.error}
        retry={() => void models.refetch()}
      />
    )
  if (!models.data) return <Skeleton height={180} />
  const { results, default: standard } = models.data
  if (results.length === 0) {
    return (
      <EmptyState icon={<Cpu size={18} />} title="No models">
        Add a credential, or start an Ollama on this machine.
      </EmptyState>
    )
  }
  return (
    <>
      <p className="settings__lead">
        Nodes that name no model use the first one here that is available, unless their workflow
        says otherwise.
      </p>
      <ul className="card-box list" aria-label="Models">
        {results.map((model) => (
          <li
            key={model.id}
            className="list__row settings__row settings__row--model"
            data-off={!model.available}
          >
            <span className="settings__two">
              <span className="truncate">
                <strong>{model.label}</strong> <code className="muted">{model.id}</code>
              </span>
              {model.note ? <span className="muted truncate">{model.note}</span> : null}
            </span>
            <ModelState model={model} isDefault={model.id === standard} />
            <span className="muted settings__when tabular">{priceOf(model)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function ModelState({ model, isDefault }: { model: Model; isDefault: boolean }) {
  if (model.breaker && model.breaker !== 'closed')
    return (
      <span className="badge" data-tone="bad">
        Breaker {model.breaker}
      </span>
    )
  if (!model.available) return <span className="badge">Not set up</span>
  return isDefault ? (
    <span className="badge" data-tone="busy">
      Default
    </span>
  ) : (
    <span className="badge" data-tone="ok">
      Ready
    </span>
  )
}

function priceOf({ price, local }: Model): string {
  if (!price) return local ? 'free' : ''
  return `$${String(price.input_usd_per_million)} in · $${String(price.output_usd_per_million)} out per 1M tokens`
}
