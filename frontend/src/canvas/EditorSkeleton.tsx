import { Skeleton } from '@/ui/signs'

export function EditorSkeleton() {
  return (
    <div className="editor" aria-busy="true" aria-label="Opening the workflow">
      <header className="top-bar">
        <Skeleton width={22} height={22} />
        <Skeleton width={180} height={16} />
        <span className="spacer" />
        <Skeleton width={84} height={28} />
        <Skeleton width={64} height={28} />
      </header>
    </div>
  )
}
