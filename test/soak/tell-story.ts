import type { Evidence } from './gather-evidence.ts'
import type { Finding } from './judge.ts'
import { readLogs } from './read-logs.ts'
import type { LogLine } from './read-logs.ts'

/** Lines of one story: more would hide the point; the logs are kept. */
const MOST_LINES = 150

/** All that any log says of these tickets, in order of time, with what ledger, archive and vendors hold. */
export async function tellStories(folder: string, findings: readonly Finding[], evidence: Evidence): Promise<string> {
  const lines: LogLine[] = []
  if (findings.length > 0) for await (const line of readLogs(folder)) lines.push(line)
  lines.sort((a, b) => a.at - b.at)
  return findings.map((finding) => tellOne(finding, lines, evidence)).join('\n\n')
}

function tellOne({ kind, ticket, serial, detail }: Finding, lines: readonly LogLine[], evidence: Evidence): string {
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
  const copies = evidence.copies.filter((copy) => copy.serial === serial)
  return [
    `== ${kind}: ${ticket} (Soak ${serial}): ${detail}`,
    ...shown,
    ...(about.length > MOST_LINES ? [`  … and ${about.length - MOST_LINES} lines more`] : []),
    `  ledger   ${JSON.stringify(evidence.ledger.get(ticket) ?? 'no record')}`,
    `  archive  ${JSON.stringify(evidence.letters.get(ticket) ?? 'no dead letter')}`,
    `  vendors  ${JSON.stringify(copies)}`,
  ].join('\n')
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}
