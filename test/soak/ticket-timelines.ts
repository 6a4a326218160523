import type { Breach } from '../promise/breach.ts'
import type { Evidence } from '../promise/evidence.ts'
import { readLogs, type LogLine } from './read-logs.ts'

/** Lines of one timeline: more would hide the point; the logs are kept. */
const MOST_LINES = 150

/** What all logs say about these tickets, in order of time, with what ledger, archive and vendors hold. */
export async function formatTimelines(
  folder: string,
  breaches: readonly Breach[],
  evidence: Evidence,
): Promise<string> {
  const lines: LogLine[] = []
  if (breaches.length > 0) for await (const line of readLogs(folder)) lines.push(line)
  lines.sort((a, b) => a.at - b.at)
  return breaches.map((breach) => formatTimeline(breach, lines, evidence)).join('\n\n')
}

function formatTimeline(
  { kind, ticket, serial, detail }: Breach,
  lines: readonly LogLine[],
  evidence: Evidence,
): string {
  const names = [ticket, serial].filter((name) => name !== '')
  const first = lines.filter(({ text }) => names.some((name) => text.includes(name)))
  const messageIds = new Set(first.flatMap(({ text }) => /"messageId":"([^"]+)"/.exec(text)?.[1] ?? []))
  const [from = 0, to = 0] = [first[0]?.at, first.at(-1)?.at]
  const about = lines.filter(
    ({ at, text }) =>
      [...names, ...messageIds].some((name) => text.includes(name)) ||
      (at >= from && at <= to && text.includes('"source":"soak"')),
  )
  const shown = about.slice(0, MOST_LINES).map(({ at, file, text }) => `  ${clock(at)} ${file.padEnd(12)} ${text}`)
  const { record, letter, copies } = evidence.tickets.find(({ sent }) => sent.serial === serial) ?? {}
  return [
    `== ${kind}: ${ticket} (Soak ${serial}): ${detail}`,
    ...shown,
    ...(about.length > MOST_LINES ? [`  … and ${about.length - MOST_LINES} lines more`] : []),
    `  ledger   ${JSON.stringify(record ?? 'no record')}`,
    `  letter   ${JSON.stringify(letter ?? 'no dead letter')}`,
    `  vendors  ${JSON.stringify(copies ?? [])}`,
  ].join('\n')
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}
