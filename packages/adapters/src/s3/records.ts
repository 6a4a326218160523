import {
  fail,
  readEffect,
  readEvent,
  readTicket,
  succeed,
  type Case,
  type DeadLetter,
  type Effect,
  type KnownPerson,
  type LedgerRecord,
  type Result,
  type SweepCursor,
  type Ticket,
  type TicketEvent,
  type TokenBinding,
} from 'ticket-core'
import * as v from 'valibot'

/** Reads the JSON of a stored object. A failure says where it is damaged, and quotes nothing of it. */
export type Read<Item> = (json: string) => Result<Item, string>

const text = v.string('is no text')
/** Milliseconds since the epoch that a `Date` can show: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const instant = v.pipe(
  v.number('is no instant'),
  v.check((ms) => Math.abs(ms) <= 8.64e15, 'is no instant'),
)
const count = v.pipe(v.number('is no count'), v.safeInteger('is no count'), v.minValue(0, 'is no count'))
const flag = v.exactOptional(v.literal(true, 'is none of true'))
const version = v.literal(1, 'is none of 1')

function oneOf<const Value extends string>(...allowed: readonly Value[]): v.GenericSchema<unknown, Value> {
  return v.picklist(allowed, `is none of ${allowed.join(', ')}`)
}

function list<Item>(item: v.GenericSchema<unknown, Item>): v.GenericSchema<unknown, readonly Item[]> {
  return v.array(item, 'is no list')
}

function object<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, typeof describeObject> {
  return v.object(entries, describeObject)
}

function describeObject({ expected }: v.ObjectIssue): string {
  return expected === 'Object' ? 'is no object' : 'is missing'
}

/** By the rules of an envelope's ticket: what could not be queued is damaged. */
const ticket = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Ticket>(({ dataset, addIssue, NEVER }) => {
    const read = readTicket(dataset.value)
    if (read.ok) return read.value
    addIssue({ message: `is no ticket: ${read.failure}` })
    return NEVER
  }),
)

/** By the rules of the queue's message. */
const event = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, TicketEvent>(({ dataset, addIssue, NEVER }) => {
    const read = readEvent(dataset.value)
    if (read.ok) return read.value
    addIssue({ message: `is no event: ${read.failure}` })
    return NEVER
  }),
)

const effect = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Effect>(({ dataset, addIssue, NEVER }) => {
    const read = readEffect(dataset.value)
    if (read) return read
    addIssue({ message: 'is no effect' })
    return NEVER
  }),
)

const cause = object({ code: text, reason: text })
const attempt = object({
  at: instant,
  outcome: oneOf('delivered', 'retry', 'rejected', 'unknown', 'crashed'),
  code: text,
  reason: text,
})
const attempts = object({ count, first: v.exactOptional(attempt), last: list(attempt) })
const destination = oneOf('bucket', 'board', 'alert', 'team')

/** Reads one record of the ledger. */
export const readLedgerRecord: Read<LedgerRecord> = reader(
  object({
    v: version,
    id: text,
    source: text,
    digest: text,
    team: v.exactOptional(text),
    destination: v.exactOptional(destination),
    life: count,
    state: oneOf('waiting', 'claimed', 'delivered', 'dead'),
    nonce: text,
    claim: v.exactOptional(object({ by: text, until: instant })),
    crashes: count,
    firstClaimAt: instant,
    firstFailureAt: v.exactOptional(instant),
    attempts,
    caseKey: v.exactOptional(text),
    synced: v.exactOptional(count),
    syncing: v.exactOptional(count),
    retryAt: v.exactOptional(instant),
    suspect: flag,
    receipt: v.exactOptional(
      object({
        destination,
        where: text,
        url: v.exactOptional(text),
        vendorId: v.exactOptional(text),
        found: flag,
        cut: flag,
        possibleRepeat: flag,
      }),
    ),
    deliveredAt: v.exactOptional(instant),
    failure: v.exactOptional(cause),
    diedAt: v.exactOptional(instant),
  }),
)

/** Reads one person of the address book. */
export const readKnownPerson: Read<KnownPerson> = reader(object({ v: version, name: text, id: text }))

/** Reads one case. Its events are kept as they are. */
export const readCase: Read<Case> = reader(
  object({
    v: version,
    id: text,
    source: text,
    team: v.exactOptional(text),
    ticket,
    events: list(v.unknown()),
    nonce: text,
  }),
)

const death = {
  life: count,
  at: instant,
  cause,
  toldAt: v.exactOptional(instant),
  redrivenAt: v.exactOptional(instant),
  closed: v.exactOptional(object({ at: instant, because: text })),
  correctedAt: v.exactOptional(instant),
}

/** Not `v.record`, which leaves out an attribute that is named `constructor`. */
const attributes = v.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === 'string'),
  'is no map of texts',
)

/** Reads one archived dead letter. */
export const readDeadLetter: Read<DeadLetter> = reader(
  object({
    v: version,
    key: text,
    nonce: text,
    kind: oneOf('ticket', 'event', 'effect', 'unreadable', 'collision'),
    ...death,
    ticket: v.exactOptional(ticket),
    event: v.exactOptional(event),
    effect: v.exactOptional(effect),
    message: object({
      messageId: text,
      body: text,
      sentAt: v.exactOptional(instant),
      receiveCount: v.exactOptional(count),
      sourceQueueArn: v.exactOptional(text),
      attributes,
    }),
    forgottenAt: v.exactOptional(instant),
    mayBeDelivered: v.boolean('is neither true nor false'),
    attempts: v.exactOptional(attempts),
    history: list(object(death)),
  }),
)

/** Reads which team a token is bound to. */
export const readBinding: Read<TokenBinding> = reader(
  object({ v: version, token: text, team: text, boundAt: instant, nonce: text }),
)

/** Reads how far the board's actions were read. */
export const readSweepCursor: Read<SweepCursor> = reader(
  object({ v: version, key: text, until: instant, at: instant, nonce: text }),
)

function reader<Item>(schema: v.GenericSchema<unknown, Item>): Read<Item> {
  const json = v.pipe(v.string(), v.parseJson(), schema)
  return (stored) => {
    const read = v.safeParse(json, stored, { abortEarly: true })
    return read.success ? succeed(read.output) : fail(describeDamage(read.issues[0]))
  }
}

function describeDamage({ type, path, message }: v.BaseIssue<unknown>): string {
  if (type === 'parse_json') return 'not JSON'
  const place = (path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
  return `record${place.join('')} ${message}`
}
