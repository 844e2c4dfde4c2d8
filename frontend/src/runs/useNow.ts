import { useEffect, useState } from 'react'

/** The time in milliseconds, moving on five times a second while `active`. */
export function useNow(active: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!active) return
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 200)
    return () => {
      clearInterval(timer)
    }
  }, [active])
  return now
}
