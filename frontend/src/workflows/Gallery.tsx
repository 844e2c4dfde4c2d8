import { useNavigate } from 'react-router'
import { useTemplates, useUseTemplate } from '@/api/queries'
import type { Template } from '@/api/types'
import { rememberInput } from '@/canvas/lastInput'
import { Skeleton } from '@/ui/signs'
import { ErrorState } from '@/ui/states'
import { warn } from '@/ui/toast'
import { GraphThumb } from './GraphThumb'

/** Workflows that teach by use; each becomes one's own on a click, with a sample input filled in. */
export function Gallery() {
  const templates = useTemplates()
  const take = useUseTemplate()
  const navigate = useNavigate()
  const open = (template: Template) => {
    take.mutate(template.slug, {
      onSuccess: (workflow) => {
        rememberInput(workflow.id, template.sample_input)
        void navigate(`/workflows/${workflow.id}`)
      },
      onError: (error) => {
        warn('The workflow was not created', error)
      },
    })
  }
  return (
    <section className="page__section" aria-labelledby="gallery">
      <h2 id="gallery">Start from the gallery</h2>
      {templates.error ? (
        <ErrorState
          title="The gallery could not be loaded"
          error={templates.error}
          retry={() => void templates.refetch()}
        />
      ) : (
        <ul className="gallery">
          {templates.data?.results.map((template) => (
            <li key={template.slug}>
              <button
                type="button"
                className="gallery__card card-box"
                disabled={take.isPending}
                aria-busy={take.isPending && take.variables === template.slug}
                onClick={() => {
                  open(template)
                }}
              >
                <span className="gallery__stage">
                  <GraphThumb graph={template.graph} width={220} height={84} />
                </span>
                <span className="gallery__name">{template.name}</span>
                <span className="gallery__text">{template.description}</span>
              </button>
            </li>
          )) ??
            [1, 2, 3].map((each) => (
              <li key={each}>
                <Skeleton height={190} />
              </li>
            ))}
        </ul>
      )}
    </section>
  )
}
