import { ArrowUpRight } from 'lucide-react'
import { Link } from 'react-router'
import { useWorkflows } from '@/api/queries'

/** The way to the workflow that a sub-workflow's step ran. */
export function InnerWorkflow({ slug }: { slug: string }) {
  const { data } = useWorkflows()
  const found = data?.pages.flatMap((page) => page.results).find((each) => each.slug === slug)
  if (!found) return null
  return (
    <Link className="link row" to={`/workflows/${found.id}`}>
      Open {found.name} <ArrowUpRight size={13} />
    </Link>
  )
}
