import { type Attempt, type AttemptHistory, type LedgerRecord, caseObject } from 'ticket-core'
import { type Fact, countOf, layFacts, showTime, wrapText } from './text/layout.ts'
import { printableLine } from './text/printable.ts'

/** A ledger record for people: state, destination, the whole ticket's place, attempts. */
export function describeRecord(
  record: LedgerRecord,
  { width, bucket }: { readonly width: number; readonly bucket: string },
): string[] {
  const { id, state, life, receipt, failure, retryAt, claim, suspect, caseKey } = record
  const facts: readonly Fact[] = [
    ['landed', receipt && `${receipt.where}${receipt.url === undefined ? '' : `  ${receipt.url}`}`],
    ['cut', receipt?.cut && 'what it shows is a part of the ticket'],
    ['whole', caseKey === undefined ? undefined : `s3://${bucket}/${caseObject(caseKey)}`],
    ['delivered', whenIn('delivered', record, record.deliveredAt)],
    ['repeat', receipt?.possibleRepeat && 'sent again, marked as a possible repeat'],
    ['dead since', whenIn('dead', record, record.diedAt)],
    ['cause', failure && `${failure.code}: ${failure.reason}`],
    [
      failure ? 'given up' : 'next attempt',
      failure && state === 'waiting' ? GIVEN_UP : whenIn('waiting', record, retryAt),
    ],
    ['claimed', claim && whenIn('claimed', record, claim.until)?.replace(/^/, 'being delivered, until ')],
    ['redriven', life === 0 ? undefined : countOf(life, 'time')],
    ['doubt', suspect && state !== 'delivered' ? DOUBT : undefined],
  ]
  return [`${id} is ${state}`, ...layFacts(facts, width), ...describeAttempts(record.attempts, width)]
}

const GIVEN_UP = 'its dead letter is being sent'
const DOUBT = 'the outcome of an attempt is not known: it may have been delivered already'

function whenIn(state: LedgerRecord['state'], record: LedgerRecord, at: number | undefined): string | undefined {
  return record.state === state && at !== undefined ? showTime(at) : undefined
}

/** Every kept attempt. Equal ones in a row are one line. */
export function describeAttempts({ count, first, last }: AttemptHistory, width: number): string[] {
  const kept = first ? [first, ...last] : last
  const left = count - kept.length
  return [
    ...layFacts(
      [['attempts', `${count}${left > 0 ? ` (the first and the last ${last.length} are kept)` : ''}`]],
      width,
    ),
    ...groupAttempts(kept).flatMap((group) => describeGroup(group, width)),
  ]
}

function groupAttempts(attempts: readonly Attempt[]): Attempt[][] {
  const groups: Attempt[][] = []
  for (const attempt of attempts) {
    const group = groups.at(-1)
    const [same] = group ?? []
    if (group && same?.outcome === attempt.outcome && same.code === attempt.code && same.reason === attempt.reason)
      group.push(attempt)
    else groups.push([attempt])
  }
  return groups
}

function describeGroup(group: readonly Attempt[], width: number): string[] {
  const [first] = group
  if (!first) return []
  const { outcome, code, reason } = first
  const until = group.length === 1 ? '' : ` to ${showTime(group.at(-1)?.at ?? first.at)}, ${group.length} times`
  const named = outcome === code ? outcome : `${outcome}  ${printableLine(code)}`
  const words = reason === code || reason === '' ? [] : wrapText(printableLine(reason), width - 6)
  return [`    ${showTime(first.at)}${until}  ${named}`, ...words.map((line) => `      ${line}`)]
}
