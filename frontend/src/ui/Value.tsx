import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import type { Json } from '@/graph/json'
import { IconButton } from './Button'
import { Code } from './Code'
import { RichText } from './RichText'

interface ValueProps {
  title: string
  value: Json | undefined
  /** How tall it may grow, in pixels, before it scrolls. */
  height?: number
}

/** More than this many characters are shown only on demand: a page with half a megabyte of text stalls. */
const SHOWN = 20_000

/** A JSON value to read: text as it was meant, all else as JSON, either as it is on demand. */
export function Value({ title, value, height = 320 }: ValueProps) {
  const [raw, setRaw] = useState(false)
  const [all, setAll] = useState(false)
  const isText = typeof value === 'string'
  const whole = isText && !raw ? value : JSON.stringify(value ?? null, null, 2)
  const text = all ? whole : whole.slice(0, SHOWN)
  return (
    <figure className="value">
      <figcaption className="value__head">
        <span className="value__title">{title}</span>
        <span className="spacer" />
        {isText ? (
          <button
            type="button"
            className="value__toggle"
            aria-pressed={raw}
            onClick={() => {
              setRaw(!raw)
            }}
          >
            {raw ? 'Rendered' : 'Raw'}
          </button>
        ) : null}
        <CopyButton text={isText ? value : whole} title={title} />
      </figcaption>
      <div
        className="value__body"
        style={{ maxHeight: height }}
        tabIndex={0}
        role="group"
        aria-label={title}
      >
        {isText && !raw ? <RichText text={text} /> : <Code text={text} />}
        {whole.length > SHOWN && !all ? (
          <button
            type="button"
            className="value__toggle"
            onClick={() => {
              setAll(true)
            }}
          >
            Show all {whole.length.toLocaleString('en')} characters
          </button>
        ) : null}
      </div>
    </figure>
  )
}

function CopyButton({ text, title }: { text: string; title: string }) {
  const [done, setDone] = useState(false)
  const onClick = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setDone(true)
      setTimeout(() => {
        setDone(false)
      }, 1500)
    })
  }
  return (
    <IconButton
      label={`Copy ${title.toLowerCase()}`}
      size="small"
      icon={done ? <Check size={13} /> : <Copy size={13} />}
      onClick={onClick}
    />
  )
}
