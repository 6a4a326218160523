import type { LedgerRecord } from 'ticket-core'
import type { Breach, Check } from './breach.ts'
import { checkLife } from './check-life.ts'
import { checkTexts } from './check-texts.ts'
import type { Evidence, StrayEvidence, TicketEvidence } from './evidence.ts'
import { type Answer, standingOf } from './read-answer.ts'
import { repeatOf } from './repeats.ts'

/** Holds a run that came to rest against the promise: by what vendors hold, not by what we say of it. Pure. */
export function checkPromise(evidence: Evidence): readonly Breach[] {
  const breaches: Breach[] = []
  const checkerOf =
    (ticket: string, serial: string): Check =>
    (isKept, kind, detail) => {
      if (!isKept) breaches.push({ kind, ticket, serial, detail: detail?.() ?? '' })
    }
  checkerOf('', '')(evidence.isQuiet, 'work-never-ends')
  for (const server of evidence.tokens?.tookRemoved ?? [])
    checkerOf('', '')(false, 'removed-token-accepted', () => server)
  for (const server of evidence.tokens?.refusedCurrent ?? [])
    checkerOf('', '')(false, 'rotated-token-refused', () => server)
  for (const key of evidence.traces ?? []) checkerOf('', '')(false, 'forgotten-person-named', () => key)
  for (const ticket of evidence.tickets) checkTicket(ticket, evidence, checkerOf(ticket.id, ticket.sent.serial))
  for (const { ticket, serial, where } of evidence.strangers)
    checkerOf(ticket, serial)(false, 'delivered-but-never-sent', () => where)
  for (const stray of evidence.strays) checkStray(stray, checkerOf(stray.body, ''))
  return breaches
}

/** Whether a ticket's death is complete: recorded, archived, noted as notified, and an admin notified. */
export function isSettledDeath({ record, letter, notices }: TicketEvidence): boolean {
  return record?.state === 'dead' && letter?.life === record.life && letter.toldAt !== undefined && notices.length > 0
}

function checkTicket(ticket: TicketEvidence, evidence: Evidence, check: Check): void {
  checkAnswers(ticket, check)
  checkPlace(ticket, check)
  checkTexts(ticket, check)
  if (ticket.life) checkLife(ticket, ticket.life, check)
  const { record, copies, letter } = ticket
  const isDead = isSettledDeath(ticket)
  if (standingOf(ticket.answers) === 'acknowledged' && copies.length === 0)
    check(
      isDead,
      'lost',
      () => `the ledger says ${record?.state ?? 'nothing'}, the archive ${letter ? 'has' : 'lacks'} it`,
    )
  if (isDead && copies.length === 0)
    check(letter?.redrivenAt === undefined, 'lost', () => 'redriven, and neither delivered nor dead once more')
  if (record) checkRecord(ticket, record, check)
  else check(copies.length === 0, 'delivered-without-record', () => placesOf(ticket))
  const repeat = repeatOf(ticket, evidence)
  check(repeat !== 'not-marked', 'repeat-not-marked', () => placesOf(ticket))
  checkEnd(ticket, evidence, check)
  checkNotices(ticket, check)
}

/** A card says what is true: accepted only what SQS has, refused only what it has not, and where it cannot know it says so. */
function checkAnswers({ sent, answers, copies, history }: TicketEvidence, check: Check): void {
  const saw = (): string => `the sender saw: ${answers.join(', ')}`
  const isGood = sent.destination !== 'nowhere'
  check(!answers.includes('other'), 'strange-answer', saw)
  check(!isGood || !answers.includes('not-a-ticket'), 'strange-answer', saw)
  // A server that cannot read yet which team a token belongs to accepts no message at all, and says so.
  const mayMeet = new Set<Answer>(['not-a-ticket', 'not-accepted', 'none'])
  check(isGood || answers.every((answer) => mayMeet.has(answer)), 'strange-answer', saw)
  check(!answers.includes('accepted') || history?.isQueued !== false, 'accepted-but-not-queued', saw)
  if (standingOf(answers) === 'refused')
    check(copies.length === 0 && history?.isQueued !== true, 'refused-but-arrives', saw)
}

function checkPlace(ticket: TicketEvidence, check: Check): void {
  const { sent, ids, copies } = ticket
  check(
    copies.every(({ place }) => place === sent.destination),
    'wrong-place',
    () => `belongs to ${sent.destination}; there: ${placesOf(ticket)}`,
  )
  const all = new Set([...ids, ...copies.map((copy) => copy.ticket)])
  check(all.size <= 1, 'wrong-id', () => [...all].join(', '))
}

function checkRecord(ticket: TicketEvidence, { state, life, suspect }: LedgerRecord, check: Check): void {
  const { copies, letter, notices } = ticket
  check(state === 'delivered' || state === 'dead', 'unsettled', () => `the ledger says ${state}`)
  if (state === 'delivered') check(copies.length > 0, 'recorded-but-not-delivered')
  check(copies.length < 2 || suspect === true, 'repeat-without-doubt', () => placesOf(ticket))
  if (state !== 'dead') return
  check(letter !== undefined, 'dead-without-letter')
  check(letter === undefined || letter.life === life, 'letter-of-another-life', () => `${letter?.life}, not ${life}`)
  check(letter?.cause.reason !== '', 'dead-without-reason')
  check(letter?.toldAt !== undefined && notices.length > 0, 'dead-without-notice')
  check(copies.length === 0 || letter?.mayBeDelivered === true, 'archived-without-doubt', () => placesOf(ticket))
}

/** A ticket ends for good at the first "no", and is not given up before its time. */
function checkEnd({ letter, history }: TicketEvidence, evidence: Evidence, check: Check): void {
  // Refused for what the secret names, it is asked once more when the secret says something else.
  const refusals = history?.refusals ?? 0
  check(refusals <= 2, 'asked-again-after-refusal', () => `${refusals} times "no"`)
  if (letter?.cause.code !== 'gave-up' || letter.life > 0) return
  const triedForMs = history?.triedForMs ?? letter.at - (letter.attempts?.first?.at ?? letter.at)
  // A process knows the time of another's attempt by the wall clock only.
  check(triedForMs + (evidence.putForwardMs ?? 0) >= evidence.giveUpAfterMs, 'given-up-early')
}

/** No admin is notified that a ticket is dead, without a doubt, while the vendor has it. */
function checkNotices({ id, copies, notices }: TicketEvidence, check: Check): void {
  for (const { order, text } of notices) {
    const had = copies.some((copy) => copy.order < order)
    check(!had || raisesDoubt(text, id), 'notified-without-doubt', () => text)
  }
}

/** The words of doubt are about the one ticket of a notice, or name those of several that they are about. */
function raisesDoubt(text: string, id: string): boolean {
  return text
    .split('\n')
    .some((line) => line.includes('may have been delivered already') && (line.startsWith('It ') || line.includes(id)))
}

/** What cannot be read is kept whole, and an admin is notified. */
function checkStray({ letter }: StrayEvidence, check: Check): void {
  check(letter !== undefined, 'unreadable-lost')
  check(letter === undefined || letter.toldAt !== undefined, 'unreadable-without-notice')
}

function placesOf({ copies }: TicketEvidence): string {
  return copies.map(({ where, at, isMarked }) => `${where} (at ${at} ms${isMarked ? ', marked' : ''})`).join('; ')
}
