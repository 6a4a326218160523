import { identify, writeEnvelope, type DeadLetter, type LedgerRecord, type Ticket } from 'ticket-core'
import { expect, it } from 'vitest'
import { checkPromise } from './check-promise.ts'
import type { BreachKind } from './breach.ts'
import type { Copy, Evidence, SentTicket, TicketEvidence } from './evidence.ts'
import type { Answer } from './read-answer.ts'
import { repeatOf } from './repeats.ts'

const SERIAL = '0000001'
const [TITLE, DESCRIPTION] = ['The printer is on fire', 'It has been for\nan hour.']
const { id: ID, source } = identify({ tenantId: 't', conversationId: 'c', activityId: 'a' })
const TICKET: Ticket = {
  id: ID,
  source,
  title: TITLE,
  description: DESCRIPTION,
  priority: 'medium',
  links: [],
  createdAt: '2026-11-24T10:00:00.000Z',
}

function bodyOf(ticket: Ticket): string {
  const envelope = writeEnvelope({ ticket, life: 0 })
  return envelope.ok ? envelope.value : ''
}

function copy(over: Partial<Copy> = {}): Copy {
  const at = over.at ?? 1000
  const text = `${TITLE} ${ID}\n\n${DESCRIPTION}`
  return { place: 'board', ticket: ID, serial: SERIAL, at, order: at, isMarked: false, text, where: 'a card', ...over }
}

function message(over: Partial<Copy> = {}): Copy {
  return copy({ place: 'alert', ...over })
}

const DONE: LedgerRecord = {
  v: 1,
  id: ID,
  source,
  digest: 'of its words',
  life: 0,
  state: 'delivered',
  nonce: 'n',
  crashes: 0,
  firstClaimAt: 1,
  caseKey: ID,
  attempts: { count: 0, last: [] },
}
const DOUBTFUL: LedgerRecord = { ...DONE, suspect: true }
const DEAD: LedgerRecord = { ...DONE, state: 'dead' }
const LETTER: DeadLetter = {
  v: 1,
  key: ID,
  nonce: 'n',
  kind: 'ticket',
  message: { messageId: 'm', body: bodyOf(TICKET), attributes: {} },
  life: 0,
  at: 1,
  cause: { code: 'trello-400', reason: 'refused' },
  toldAt: 2,
  mayBeDelivered: false,
  history: [],
}
const NOTICE = { order: 500, text: `Ticket ${ID} could not be delivered` }
const DEATH = { record: DEAD, letter: LETTER, notices: [NOTICE] }

const KEPT = { object: `cases/${ID}.json`, ticket: TICKET }

interface There extends Partial<TicketEvidence> {
  readonly destination?: SentTicket['destination']
}

function ticketOf(answers: readonly Answer[], { destination = 'board', ...there }: There): TicketEvidence {
  const ids = answers.some((answer) => answer === 'accepted' || answer === 'maybe') ? [ID] : []
  const sent = { serial: SERIAL, destination, texts: [TITLE, DESCRIPTION] }
  const kept = there.record && KEPT
  return { sent, kept, id: ID, ids: new Set(ids), answers, copies: [], notices: [], lateEffects: [], ...there }
}

function kindsOf(answers: readonly Answer[], there: There = {}, run: Partial<Evidence> = {}): readonly BreachKind[] {
  const tickets = [ticketOf(answers, there)]
  const common = { strangers: [], strays: [], isQuiet: true, giveUpAfterMs: 3_600_000 }
  return checkPromise({ tickets, ...common, ...run }).map(({ kind }) => kind)
}

it('finds nothing wrong with a ticket that is where it belongs, once', () => {
  expect(kindsOf(['accepted'], { copies: [copy()], record: DONE })).toEqual([])
})

it('calls an acknowledged ticket that is nowhere lost', () => {
  expect(kindsOf(['accepted'])).toEqual(['lost'])
  expect(kindsOf(['none', 'accepted'])).toEqual(['lost'])
  expect(kindsOf(['accepted'], { record: DONE })).toEqual(['lost', 'recorded-but-not-delivered'])
})

it('takes a death for one only when it is recorded, archived, noted as notified, and an admin is notified', () => {
  const { toldAt: _toldAt, ...untold } = LETTER
  expect(kindsOf(['accepted'], DEATH)).toEqual([])
  expect(kindsOf(['accepted'], { ...DEATH, notices: [] })).toEqual(['lost', 'dead-without-notice'])
  expect(kindsOf(['accepted'], { ...DEATH, letter: untold })).toEqual(['lost', 'dead-without-notice'])
  expect(kindsOf(['accepted'], { ...DEATH, letter: { ...LETTER, life: 1 } })).toEqual([
    'lost',
    'letter-of-another-life',
  ])
  expect(kindsOf(['accepted'], { ...DEATH, letter: undefined })).toContain('dead-without-letter')
  expect(kindsOf(['accepted'], { ...DEATH, record: { ...DEAD, state: 'waiting' } })).toEqual(['lost', 'unsettled'])
})

it('calls a redriven ticket that never came back lost', () => {
  expect(kindsOf(['accepted'], { ...DEATH, letter: { ...LETTER, redrivenAt: 3 } })).toEqual(['lost'])
  const again = { ...DEATH, record: { ...DEAD, life: 1 }, letter: { ...LETTER, life: 1 } }
  expect(kindsOf(['accepted'], again)).toEqual([])
})

it('finds a ticket of which a part of the text is nowhere', () => {
  const cut = copy({ text: `${TITLE} ${ID}\n\nIt has been for` })
  const there = { copies: [cut], record: DONE }
  expect(kindsOf(['accepted'], there)).toEqual(['cut-without-saying'])
  const said = copy({ text: `${cut.text} … (the rest: ${KEPT.object})` })
  expect(kindsOf(['accepted'], { ...there, copies: [said] })).toEqual([])
  const half = { ...KEPT, ticket: { ...TICKET, description: 'It has been for' } }
  expect(kindsOf(['accepted'], { ...there, copies: [said], kept: half })).toEqual(['text-lost'])
  expect(kindsOf(['accepted'], { ...there, copies: [copy()], kept: undefined })).toEqual(['kept-nowhere'])
  const message = { ...LETTER.message, body: bodyOf({ ...TICKET, description: 'It has been for' }) }
  expect(kindsOf(['accepted'], { ...DEATH, letter: { ...LETTER, message } })).toEqual(['text-lost'])
})

it('finds a record that still waits although nothing is on its way, and one that is missing', () => {
  const waiting: LedgerRecord = { ...DONE, state: 'waiting' }
  expect(kindsOf(['accepted'], { copies: [copy()], record: waiting })).toEqual(['unsettled'])
  expect(kindsOf(['accepted'], { copies: [copy()] })).toEqual(['delivered-without-record'])
})

it('lets a message without an answer arrive or not', () => {
  for (const answer of ['none', 'maybe'] as const) {
    expect(kindsOf([answer])).toEqual([])
    expect(kindsOf([answer], { copies: [copy()], record: DONE })).toEqual([])
  }
})

it('finds what was refused and came nevertheless, and what was never sent', () => {
  const arrived = { copies: [copy()], record: DONE }
  expect(kindsOf(['not-accepted'], arrived)).toEqual(['refused-but-arrives'])
  expect(kindsOf(['not-accepted'], { history: { isQueued: true, refusals: 0 } })).toEqual(['refused-but-arrives'])
  expect(kindsOf(['accepted'], arrived, { strangers: [copy({ serial: '0000009' })] })).toEqual([
    'delivered-but-never-sent',
  ])
})

it('finds a card that says accepted where SQS has nothing', () => {
  const there = { copies: [copy()], record: DONE, history: { isQueued: false, refusals: 0 } }
  expect(kindsOf(['accepted'], there)).toEqual(['accepted-but-not-queued'])
})

it('finds a malformed message that was accepted, and a good one that was called malformed', () => {
  expect(kindsOf(['not-a-ticket'], { destination: 'nowhere' })).toEqual([])
  expect(kindsOf(['accepted'], { destination: 'nowhere', copies: [copy()] })).toContain('strange-answer')
  expect(kindsOf(['not-a-ticket'])).toEqual(['strange-answer'])
  expect(kindsOf(['other'])).toEqual(['strange-answer'])
})

it('finds another place, and another id', () => {
  expect(kindsOf(['accepted'], { destination: 'alert', copies: [copy()], record: DONE })).toEqual(['wrong-place'])
  const other = copy({ ticket: 'T-00000-00000' })
  expect(kindsOf(['accepted'], { copies: [other], record: DONE })).toEqual(['wrong-id'])
})

it('lets Slack have repeats that say so, one message aside', () => {
  const there = { destination: 'alert', record: DOUBTFUL } as const
  expect(kindsOf(['accepted'], { ...there, copies: [message(), message({ isMarked: true })] })).toEqual([])
  expect(kindsOf(['accepted'], { ...there, copies: [message(), message()] })).toEqual(['repeat-not-marked'])
  const certain = { ...there, record: DONE, copies: [message(), message({ isMarked: true })] }
  expect(kindsOf(['accepted'], certain)).toEqual(['repeat-without-doubt'])
})

it('lets Trello have a second card only where the look before it could not see the first', () => {
  const [first, second] = [copy({ at: 100_000 }), copy({ at: 90_000 })]
  const seen = { record: DOUBTFUL, copies: [first, second], lateEffects: [1000] }
  const looks = [89_000]
  expect(kindsOf(['accepted'], seen, { looks })).toEqual([])
  expect(repeatOf(ticketOf(['accepted'], seen), { looks })).toBe('late')
  expect(kindsOf(['accepted'], { ...seen, lateEffects: [] }, { looks, setBackMs: 600_000 })).toEqual([
    'repeat-not-marked',
  ])
  expect(kindsOf(['accepted'], { ...seen, lateEffects: [] }, { looks, setBackMs: 600_001 })).toEqual([])
  expect(kindsOf(['accepted'], seen, { looks: [] })).toEqual(['repeat-not-marked'])
  expect(kindsOf(['accepted'], { ...seen, lateEffects: [] }, { looks })).toEqual(['repeat-not-marked'])
  const looked = { ...seen, copies: [copy({ at: 61_500 }), copy({ at: 90_000 })] }
  expect(kindsOf(['accepted'], looked, { looks })).toEqual(['repeat-not-marked'])
})

it('finds an object in the bucket twice', () => {
  const copies = [copy({ place: 'bucket' }), copy({ place: 'bucket', where: 'another key' })]
  expect(kindsOf(['accepted'], { destination: 'bucket', record: DOUBTFUL, copies })).toEqual(['repeat-not-marked'])
})

it('finds a delivered ticket that is archived, or reported, as dead without a word of doubt', () => {
  const there = { ...DEATH, copies: [copy({ at: 900 })] }
  expect(kindsOf(['accepted'], there)).toEqual(['archived-without-doubt'])
  const doubtful = { ...LETTER, mayBeDelivered: true }
  expect(kindsOf(['accepted'], { ...there, letter: doubtful })).toEqual([])
  const late = { ...there, letter: doubtful, notices: [{ ...NOTICE, order: 901 }] }
  expect(kindsOf(['accepted'], late)).toEqual(['notified-without-doubt'])
  const text = `${NOTICE.text}\nIt may have been delivered already`
  expect(kindsOf(['accepted'], { ...late, notices: [{ order: 901, text }] })).toEqual([])
})

it('finds a vendor that is asked again after its "no", and a ticket that is given up early', () => {
  const history = { isQueued: true, refusals: 3 }
  expect(kindsOf(['accepted'], { ...DEATH, history })).toEqual(['asked-again-after-refusal'])
  const letter: DeadLetter = { ...LETTER, cause: { code: 'gave-up', reason: 'for too long' } }
  expect(kindsOf(['accepted'], { ...DEATH, letter })).toEqual(['given-up-early'])
})

it('finds work that never ends, and an unreadable body that is gone', () => {
  expect(kindsOf([], { destination: 'nowhere' }, { isQuiet: false })).toEqual(['work-never-ends'])
  expect(kindsOf([], { destination: 'nowhere' }, { strays: [{ body: 'x' }] })).toEqual(['unreadable-lost'])
})
