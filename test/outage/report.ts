import { largest, valueAt } from './curve.ts'
import type { OutageFigures } from './run-outage.ts'

const MINUTE = 60_000
const BAR = 40

/** Whether an outage went as promised: all arrived once, none died, no limit was broken. */
export function isGood(figures: OutageFigures): boolean {
  const { accepted, once, lost, doubled, dead, refused, windows } = figures
  const isKept = windows.every(({ calls, most }) => largest(calls) <= most)
  return once === accepted && lost.length + doubled.length + dead.length + refused === 0 && isKept
}

/** The backlog's curve and the figures, as lines for people. */
export function renderReport(figures: OutageFigures): string {
  const { accepted, once, lost, doubled, dead, refused, windows, receives, callsMeanwhile, backAt, lastAt } = figures
  const fate = `${accepted} accepted: ${once} arrived once, ${doubled.length} more than once, ${lost.length} lost, ${dead.length} dead`
  return [
    ...renderBacklog(figures),
    `  ${fate}`,
    `  the last one arrived ${tellMinutes(lastAt - backAt)} after the vendor was back`,
    ...windows.map((each) => `  ${describeWindow(each)}`),
    `  ${refused} calls refused with 429; ${callsMeanwhile} calls while it was down; no message received more than ${receives} times`,
    ...[...lost, ...dead].slice(0, 10).map((id) => `  lost or dead: ${id}`),
    `  ${isGood(figures) ? 'as promised' : 'NOT as promised'}`,
  ].join('\n')
}

/** The largest count in a window beside what the vendor allows. */
export function describeWindow({ calls, most, windowMs }: OutageFigures['windows'][number]): string {
  return `at most ${largest(calls)} calls in any ${windowMs / 1000} s (allowed: ${most})`
}

function renderBacklog({ backlog, backAt, lastAt }: OutageFigures): string[] {
  const full = Math.max(1, largest(backlog))
  const step = (lastAt - backAt) / 8
  const meanwhile = [0.01, 0.25, 0.5, 0.75].map((part) => backAt * part)
  const after = Array.from({ length: 9 }, (_, n) => backAt + step * n)
  return [...meanwhile, ...after].map((at) => {
    const waiting = valueAt(backlog, at)
    const since = at < backAt ? 'down' : 'back'
    return `  ${tellMinutes(at).padStart(10)}  ${since}  ${String(waiting).padStart(4)} wait  ${'#'.repeat(Math.round((waiting / full) * BAR))}`
  })
}

function tellMinutes(ms: number): string {
  return `${(ms / MINUTE).toFixed(1)} min`
}
