import { lazy, Suspense } from 'react'
import './prose.css'

const PlainText = ({ text }: { text: string }) => <p className="prose">{text}</p>

const Markdown = lazy(() =>
  import('./Markdown').then(
    ({ Markdown }) => ({ default: Markdown }),
    // Text that cannot be rendered can still be read.
    () => ({ default: PlainText }),
  ),
)

/** Markdown, and plain text until what renders it has come. */
export const RichText = ({ text }: { text: string }) => (
  <Suspense fallback={<PlainText text={text} />}>
    <Markdown text={text} />
  </Suspense>
)
