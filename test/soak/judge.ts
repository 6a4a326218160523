import type { DeadLetter, LedgerRecord } from 'ticket-core'
import type { Sent } from './book.ts'
import { standingOf } from './book.ts'
import type { Copy, Evidence } from './gather-evidence.ts'

/** Something that must not be, or, of `doubled-…`, is to be counted. */
export interface Finding {
  readonly kind: Wrong | 'doubled-marked' | 'doubled-late'
  /** The id, where one is known. */
  readonly ticket: string
  readonly serial: string
  readonly detail: string
}

/** What fails a run. */
export type Wrong =
  /** Acknowledged, and neither delivered nor dead, archived and told. */
  | 'lost'
  | 'doubled-unmarked'
  /** There, although its sender was told that it is not. */
  | 'not-accepted-but-there'
  | 'wrong-place'
  /** One message with two ids, or copies under another id than the card named. */
  | 'wrong-id'
  /** Delivered, and told dead without the words that it may have been delivered. */
  | 'dead-unsaid'
  /** Nothing is on its way any more, and the ledger still waits for something. */
  | 'unsettled'
  /** An answer that no sender should see. */
  | 'strange-answer'

export const WRONG: readonly Wrong[] = [
  'lost',
  'doubled-unmarked',
  'not-accepted-but-there',
  'wrong-place',
  'wrong-id',
  'dead-unsaid',
  'unsettled',
  'strange-answer',
]

/** What the outside world remembers of times; milliseconds since the epoch. */
export interface Times {
  readonly lateEffects: ReadonlyMap<string, readonly number[]>
  readonly looks: readonly number[]
}

export interface Figures {
  readonly sent: number
  readonly acknowledged: number
  /** Its sender saw no answer, or that it may or may not arrive. */
  readonly mayArrive: number
  readonly refused: number
  readonly malformed: number
  /** Acknowledged tickets that are where they belong. */
  readonly delivered: number
  /** Tickets of `mayArrive` that did arrive. */
  readonly arrivedUnacknowledged: number
  readonly doubledMarked: number
  readonly doubledUnmarked: number
  /** A second card where the first appeared only after the look that missed it. */
  readonly doubledLate: number
  /** Archived, and an admin told. */
  readonly dead: number
  /** Was dead, was redriven, and is where it belongs. */
  readonly revived: number
  readonly lost: number
}

export interface Verdict {
  readonly figures: Figures
  readonly findings: readonly Finding[]
}

/** Holds what is there against what the senders were told. Pure. */
export function judge(sent: readonly Sent[], evidence: Evidence, times: Times): Verdict {
  const bySerial = new Map<string, Copy[]>()
  for (const copy of evidence.copies) bySerial.set(copy.serial, [...(bySerial.get(copy.serial) ?? []), copy])
  const cases = sent.map((entry) => judgeOne(entry, bySerial.get(entry.serial) ?? [], { evidence, times }))
  const known = new Set(sent.map(({ serial }) => serial))
  const strays = evidence.copies
    .filter(({ serial }) => !known.has(serial))
    .map(({ serial, ticket, where }): Finding => ({
      kind: 'not-accepted-but-there',
      ticket,
      serial,
      detail: `nobody sent it: ${where}`,
    }))
  const findings = [...cases.flatMap((each) => each.findings), ...strays]
  const count = (is: (each: Case) => boolean): number => cases.filter(is).length
  const countKind = (kind: Finding['kind']): number => findings.filter((each) => each.kind === kind).length
  return {
    findings,
    figures: {
      sent: sent.length,
      acknowledged: count(({ standing }) => standing === 'acknowledged'),
      mayArrive: count(({ standing }) => standing === 'may-arrive'),
      refused: count(({ standing, entry }) => standing === 'refused' && entry.goesTo !== 'nowhere'),
      malformed: count(({ standing, entry }) => standing === 'refused' && entry.goesTo === 'nowhere'),
      delivered: count(({ standing, isThere }) => standing === 'acknowledged' && isThere),
      arrivedUnacknowledged: count(({ standing, isThere }) => standing === 'may-arrive' && isThere),
      doubledMarked: countKind('doubled-marked'),
      doubledUnmarked: countKind('doubled-unmarked'),
      doubledLate: countKind('doubled-late'),
      dead: count(({ isDead }) => isDead),
      revived: count(({ isThere, isRevived }) => isThere && isRevived),
      lost: countKind('lost'),
    },
  }
}

interface Case {
  readonly entry: Sent
  readonly standing: ReturnType<typeof standingOf>
  readonly isThere: boolean
  readonly isDead: boolean
  readonly isRevived: boolean
  readonly findings: readonly Finding[]
}

function judgeOne(entry: Sent, copies: readonly Copy[], against: { evidence: Evidence; times: Times }): Case {
  const { evidence, times } = against
  const standing = standingOf(entry)
  const [ticket = copies[0]?.ticket ?? ''] = entry.ids
  const record = evidence.ledger.get(ticket)
  const letter = evidence.letters.get(ticket)
  const isDead = isSettledDeath(record, letter) && evidence.told.has(ticket)
  const findings: Finding[] = []
  const find = (kind: Finding['kind'], detail: string): void => {
    findings.push({ kind, ticket, serial: entry.serial, detail })
  }

  if (isDead && copies.length === 0 && letter?.redrivenAt !== undefined)
    find('lost', 'redriven, and neither delivered nor dead once more')
  if (standing === 'acknowledged' && copies.length === 0 && !isDead)
    find(
      'lost',
      `acknowledged; the ledger says ${record?.state ?? 'nothing'}, the archive ${letter ? 'has' : 'lacks'} it`,
    )
  if (standing === 'refused' && copies.length > 0)
    find('not-accepted-but-there', `answered ${entry.answers.join(', ')}; there: ${placesOf(copies)}`)
  if (copies.some(({ place }) => place !== entry.goesTo))
    find('wrong-place', `belongs to ${entry.goesTo}; there: ${placesOf(copies)}`)
  if (new Set([...entry.ids, ...copies.map((copy) => copy.ticket)]).size > 1)
    find('wrong-id', `one message, but ${[...entry.ids, ...copies.map((copy) => copy.ticket)].join(', ')}`)
  if (entry.answers.includes('other') || isStrange(entry)) find('strange-answer', entry.answers.join(', '))
  if (
    copies.length > 0 &&
    letter &&
    letter.correctedAt === undefined &&
    record?.state === 'dead' &&
    !letter.mayBeDelivered
  )
    find('dead-unsaid', placesOf(copies))
  if (record && record.state !== 'delivered' && record.state !== 'dead')
    find('unsettled', `the ledger says ${record.state}`)
  const doubled = kindOfDouble(copies, ticket, times)
  if (doubled) find(doubled, placesOf(copies))
  const isThere = copies.length > 0
  const isRevived = letter?.redrivenAt !== undefined
  return { entry, standing, isThere, isDead: isDead && !isThere, isRevived, findings }
}

function isSettledDeath(record: LedgerRecord | undefined, letter: DeadLetter | undefined): boolean {
  return record?.state === 'dead' && letter?.life === record.life && letter.toldAt !== undefined
}

/** A form with a fault in it accepted, or a good one called bad. */
function isStrange({ goesTo, answers }: Sent): boolean {
  return goesTo === 'nowhere'
    ? answers.some((answer) => answer === 'accepted' || answer === 'maybe' || answer === 'not-accepted')
    : answers.includes('not-a-ticket')
}

/**
 * Of several messages in Slack all but one must say that they may be repeats. Of several cards all but one must have
 * appeared only after the look that missed them. Anything else must be there once.
 */
function kindOfDouble(
  copies: readonly Copy[],
  ticket: string,
  times: Times,
): 'doubled-marked' | 'doubled-unmarked' | 'doubled-late' | undefined {
  if (copies.length < 2) return undefined
  if (copies.every(({ place }) => place === 'alert'))
    return copies.filter(({ isMarked }) => !isMarked).length > 1 ? 'doubled-unmarked' : 'doubled-marked'
  if (copies.every(({ place }) => place === 'board')) {
    const unseen = copies.filter((copy) =>
      copies.some((other) => other !== copy && cameAfterLook(copy, other, { ticket, times })),
    )
    return unseen.length >= copies.length - 1 ? 'doubled-late' : 'doubled-unmarked'
  }
  return 'doubled-unmarked'
}

/** Whether `card` was a late effect, and was not there yet when somebody looked before making `other`. */
function cameAfterLook(card: Copy, other: Copy, { ticket, times }: { ticket: string; times: Times }): boolean {
  const wasLate = (times.lateEffects.get(ticket) ?? []).some((at) => at < card.at)
  const look = times.looks.findLast((at) => at <= other.at)
  return wasLate && look !== undefined && look < card.at
}

function placesOf(copies: readonly Copy[]): string {
  return copies
    .map(({ where, at, isMarked }) => `${where} (${new Date(at).toISOString()}${isMarked ? ', marked' : ''})`)
    .join('; ')
}
