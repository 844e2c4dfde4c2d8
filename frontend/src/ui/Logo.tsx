/** Three wires woven over and under: the W of Wireloom. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <g stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <path d="M2.5 5.5 7.6 18.2" />
        <path d="M12 5.5 9.9 11M7.6 18.2l1-2.6M12 5.5l4.4 12.7" />
        <path d="m21.5 5.5-5.1 12.7" stroke="var(--accent)" />
      </g>
    </svg>
  )
}
