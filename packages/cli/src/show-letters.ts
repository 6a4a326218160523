import type { DeadLetter } from 'ticket-core'

/** Whether somebody should still look at it. */
export function isOpen({ redrivenAt, correctedAt }: DeadLetter): boolean {
  return redrivenAt === undefined && correctedAt === undefined
}

/** One block a cause, most frequent first, one line a letter. */
export function groupByCause(letters: readonly DeadLetter[]): string[] {
  const groups = Map.groupBy(letters, ({ cause }) => cause.code)
  const lines: string[] = []
  for (const [code, group] of [...groups].toSorted(([, a], [, b]) => b.length - a.length)) {
    const reasons = [...new Set(group.map(({ cause }) => cause.reason))]
    lines.push(`${code} (${group.length}): ${printable(reasons.join(' / '))}`)
    for (const letter of group) lines.push(`  ${describeLine(letter)}`)
  }
  return lines
}

function describeLine(letter: DeadLetter): string {
  const state =
    letter.correctedAt !== undefined
      ? ', delivered after all'
      : letter.redrivenAt !== undefined
        ? ', redriven'
        : letter.toldAt === undefined
          ? ', nobody told yet'
          : ''
  const doubt = letter.mayBeDelivered ? ', may have been delivered' : ''
  const title = letter.ticket ? printable(letter.ticket.title) : '(no ticket)'
  return `${letter.key}  ${new Date(letter.at).toISOString()}  life ${letter.life}${state}${doubt}  ${title}`
}

/** Everything about one letter, for a person. */
export function describeLetterLines(letter: DeadLetter): string[] {
  const { ticket, attempts } = letter
  const kept = attempts ? [...(attempts.first ? [attempts.first] : []), ...attempts.last] : []
  return [
    describeLine(letter),
    `cause: ${letter.cause.code}: ${printable(letter.cause.reason)}`,
    ...(ticket
      ? [
          `priority: ${ticket.priority}`,
          `title: ${printable(ticket.title)}`,
          `description: ${printable(ticket.description)}`,
        ]
      : []),
    ...(ticket?.reporter ? [`reporter: ${printable(ticket.reporter.name)}`] : []),
    `attempts: ${attempts?.count ?? 0}${kept.length < (attempts?.count ?? 0) ? ` (the first and the last ${kept.length - 1} are kept)` : ''}`,
    ...kept.map(
      ({ at, outcome, code, reason }) => `  ${new Date(at).toISOString()}  ${outcome}  ${code}: ${printable(reason)}`,
    ),
    ...letter.history.map(
      ({ life, at, cause }) => `earlier death in life ${life}: ${new Date(at).toISOString()}  ${cause.code}`,
    ),
    `message ${letter.message.messageId}, ${letter.message.body.length} characters:`,
    printable(letter.message.body),
  ]
}

/** Control characters and text direction marks of users' texts must not drive a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)
}
