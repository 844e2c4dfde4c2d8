import { Copy } from 'lucide-react'
import { Button } from '@/ui/Button'
import { say } from '@/ui/toast'

/** A secret that is shown this once. */
export function Secret({ value }: { value: string }) {
  return (
    <div className="secret" role="status">
      <p>Copy it now: it is not shown again.</p>
      <div className="row">
        <code className="secret__value">{value}</code>
        <Button
          size="small"
          icon={<Copy size={13} />}
          onClick={() => void navigator.clipboard.writeText(value).then(() => say('Copied'))}
        >
          Copy
        </Button>
      </div>
    </div>
  )
}
