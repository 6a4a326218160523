import type { Figures } from './run-rounds.ts'

/** Whether everything acknowledged is there, once. */
export function isSound({ tallies }: Figures): boolean {
  return tallies.every(({ lost, doubled }) => lost.length === 0 && doubled.length === 0)
}

/** The counts as a table, and each loss by name. */
export function describeFigures({ tallies, starts, unanswered, killedWhileStarting }: Figures): string {
  const rows = tallies.map(({ what, acknowledged, lost, doubled }) =>
    [what.padEnd(20), ...[acknowledged, lost.length, doubled.length].map((count) => String(count).padStart(13))].join(
      '',
    ),
  )
  return [
    `${''.padEnd(20)}${['acknowledged', 'lost', 'doubled'].map((head) => head.padStart(13)).join('')}`,
    ...rows,
    `requests left unanswered: ${unanswered}; killed again while starting: ${killedWhileStarting}`,
    `restart, from the start of the process: ${spread(starts.map(({ startMs }) => startMs))}`,
    `restart, from the opening of the store: ${spread(starts.map(({ openMs }) => openMs))}`,
    ...tallies.flatMap(({ what, lost, doubled }) => [
      ...lost.map((each) => `LOST ${what}: ${each}`),
      ...doubled.map((each) => `DOUBLED ${what}: ${each}`),
    ]),
    '',
  ].join('\n')
}

function spread(milliseconds: readonly number[]): string {
  const ordered = milliseconds.toSorted((a, b) => a - b)
  const median = ordered[Math.floor(ordered.length / 2)] ?? 0
  return `median ${median.toFixed(0)} ms, slowest ${(ordered.at(-1) ?? 0).toFixed(0)} ms`
}
