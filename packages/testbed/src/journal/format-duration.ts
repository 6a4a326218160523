const UNITS = [
  { ms: 86_400_000, name: 'd', below: 3_600_000, belowName: 'h' },
  { ms: 3_600_000, name: 'h', below: 60_000, belowName: 'm' },
  { ms: 60_000, name: 'm', below: 1_000, belowName: 's' },
] as const

/** A span of time as people read it, in two units: `0 ms`, `2.5 s`, `3 m 08 s`, `1 h 02 m`, `2 d 03 h`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`
  const unit = UNITS.find((candidate) => ms >= candidate.ms)
  if (!unit) return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`
  const rest = Math.floor((ms % unit.ms) / unit.below)
  return `${Math.floor(ms / unit.ms)} ${unit.name} ${String(rest).padStart(2, '0')} ${unit.belowName}`
}
