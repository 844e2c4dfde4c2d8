import { Copy } from 'lucide-react'
import { Button } from '@/ui/Button'
import { say } from '@/ui/toast'

interface SecretProps {
  value: string
  note?: string
}

/** A secret that is shown this once. */
export function Secret({ value, note = 'Copy it now: it is not shown again.' }: SecretProps) {
  return (
    <div className="secret" role="status">
      <p>{note}</p>
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
