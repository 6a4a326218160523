import {
  type DeadLetter,
  type Death,
  type LedgerRecord,
  type Stored,
  describeEffect,
  describeEvent,
  recordOfLetter,
  LETTER_KEYS,
  readTicketId,
} from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { System } from '../connect.ts'
import { describeAttempts } from '../show-record.ts'
import { type Fact, countOf, layFacts, lineWidth, showTime } from '../text/layout.ts'
import { asciiJson, printable, printableLine } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'
import type { Hint } from '../target.ts'
import { describeForeignKey, summarise } from './read-letters.ts'

export interface ShowOptions {
  readonly message?: boolean | undefined
  readonly json?: boolean | undefined
  readonly hint: Hint
}

/** Prints each letter; the message only on request. */
export async function showLetters(
  system: System,
  context: CommandContext,
  { keys, ...options }: ShowOptions & { readonly keys: readonly string[] },
): Promise<number> {
  for (const [index, key] of keys.entries()) {
    const letter = await fetchLetter(system, key, options.hint)
    const record = await recordOf(system, letter)
    if (options.json) {
      context.print(asciiJson({ letter, ...(record.kind === 'found' && { ledger: record.item }) }))
      continue
    }
    if (index > 0) context.print('')
    for (const line of describeLetter(letter, record, { ...options, width: lineWidth(context.columns) }))
      context.print(line)
  }
  return 0
}

async function recordOf({ ledgers }: System, letter: DeadLetter): Promise<Stored<LedgerRecord>> {
  const place = recordOfLetter(letter)
  return place ? ledgers[place.lane].read(place.id) : { kind: 'absent' }
}

/** Reads one letter. If there is none, the error says what the ledger knows. */
export async function fetchLetter(system: System, key: string, hint: Hint): Promise<DeadLetter> {
  const stored = await system.archive.read(key)
  if (stored.kind === 'found') {
    const wrong = describeForeignKey(key, stored.item)
    if (wrong !== undefined) throw new CliError(`${key} is damaged: ${wrong}`)
    return stored.item
  }
  if (stored.kind === 'unavailable') throw new CliError(`${key} could not be read: ${stored.reason}`)
  const recorded = readTicketId(key) === undefined ? undefined : await system.ledger.read(key)
  if (recorded?.kind === 'found')
    throw new CliError(
      `${key} is not a dead letter: the ledger shows it as ${recorded.item.state}. See: ${hint(`status ${key}`)}`,
    )
  throw new CliError(`there is no dead letter ${key}. See: ${hint('dead-letters list --closed')}`)
}

interface View extends ShowOptions {
  readonly width: number
}

function describeLetter(letter: DeadLetter, record: Stored<LedgerRecord>, view: View): string[] {
  const { ticket, event, effect, message, history } = letter
  const place = recordOfLetter(letter)
  const own = record.kind === 'found' && record.item.source === place?.source ? record.item : undefined
  const attempts = place ? (own?.attempts ?? letter.attempts) : undefined
  const facts: readonly Fact[] = [
    ['state', describeState(letter)],
    ['cause', `${letter.cause.code}: ${printableLine(letter.cause.reason)}`],
    ['dead since', `${showTime(letter.at)}${letter.life > 0 ? `, in life ${letter.life}` : ''}`],
    ['notified', letter.toldAt === undefined ? 'not yet' : showTime(letter.toldAt)],
    ['delivered', describeDelivered(letter, own)],
    ['ledger', place ? describeLedger(record, own) : undefined],
    ['effect', effect && describeEffect(effect)],
    ['event', event && printableLine(describeEvent(event))],
    ['happened', event && showTime(event.at)],
    ['priority', ticket?.priority],
    ['written', ticket && `${ticket.createdAt}${ticket.reporter ? ` by ${printableLine(ticket.reporter.name)}` : ''}`],
    ['title', ticket && printableLine(ticket.title)],
    ['description', ticket?.description],
    ['steps', ticket?.steps],
    [
      'links',
      ticket && ticket.links.length > 0 ? ticket.links.map(({ url }) => printableLine(url)).join('\n') : undefined,
    ],
  ]
  const size = new TextEncoder().encode(message.body).byteLength
  const came = [
    message.messageId,
    countOf(size, 'byte'),
    message.sentAt === undefined ? '' : `sent ${showTime(message.sentAt)}`,
    message.sourceQueueArn === undefined ? '' : `moved by SQS from ${message.sourceQueueArn}`,
  ]
  return [
    `${letter.key}  ${KINDS[letter.kind]}`,
    ...layFacts(facts, view.width),
    ...(attempts ? describeAttempts(attempts, view.width) : []),
    ...history.map((life) => `  earlier:     ${describeLife(life)}`),
    ...layFacts([['message', came.filter((part) => part !== '').join(', ')]], view.width),
    ...(view.message ? describeMessage(letter, view.width) : []),
    ...describeNext(letter, own, view).map((line) => `  ${line}`),
  ]
}

const KINDS = {
  ticket: 'a ticket that could not be delivered',
  event: LETTER_KEYS.event.of,
  effect: 'what follows an event, and could not be delivered',
  unreadable: LETTER_KEYS.unreadable.of,
  collision: LETTER_KEYS.collision.of,
}

function describeState(letter: DeadLetter): string {
  const { redrivenAt, correctedAt, closed } = letter
  switch (summarise(letter).state) {
    case 'delivered':
      return `delivered after all, ${showTime(correctedAt ?? letter.at)}`
    case 'redriven':
      return `redriven ${showTime(redrivenAt ?? letter.at)}`
    case 'closed':
      return `closed ${showTime(closed?.at ?? letter.at)}: ${printableLine(closed?.because ?? '')}`
    case 'waits':
      return 'waiting'
  }
}

function describeDelivered({ mayBeDelivered, kind }: DeadLetter, record: LedgerRecord | undefined): string {
  if (kind !== 'ticket' && kind !== 'effect') return 'no'
  if (record?.state === 'delivered') return 'yes, the ledger shows it'
  return mayBeDelivered || record?.suspect
    ? 'perhaps: the outcome of an attempt is not known. A redrive looks for the card first; in Slack it is marked as a possible repeat'
    : 'no: every attempt’s outcome is known'
}

function describeLedger(record: Stored<LedgerRecord>, own: LedgerRecord | undefined): string {
  if (own) return `${own.state}${own.life > 0 ? `, life ${own.life}` : ''}`
  switch (record.kind) {
    case 'found':
      return 'holds another ticket of this id'
    case 'absent':
      return 'has no record: it became a dead letter before any attempt'
    case 'unavailable':
      return `could not be read: ${record.reason}`
  }
}

function describeLife({ life, at, cause, toldAt, redrivenAt, closed, correctedAt }: Death): string {
  return [
    `life ${life} ended ${showTime(at)} with ${printableLine(cause.code)}`,
    toldAt === undefined ? 'not notified' : 'notified',
    ...(redrivenAt === undefined ? [] : [`redriven ${showTime(redrivenAt)}`]),
    ...(closed ? [`closed ${showTime(closed.at)} (${printableLine(closed.because)})`] : []),
    ...(correctedAt === undefined ? [] : ['delivered after all']),
  ].join(', ')
}

function describeMessage({ message }: DeadLetter, width: number): string[] {
  const attributes = Object.entries(message.attributes).map(([name, text]) => `${name}=${text}`)
  return [
    ...layFacts(
      attributes.map((text) => ['attribute', text]),
      width,
    ),
    '  body:',
    // Its lines are marked, so that none looks like ours.
    ...printable(message.body)
      .split('\n')
      .map((line) => `  | ${line}`),
  ]
}

function describeNext(letter: DeadLetter, record: LedgerRecord | undefined, { hint }: View): string[] {
  const { key } = letter
  const { state } = summarise(letter)
  const closing = state === 'waits' ? [`Once it is handled: ${hint(`dead-letters close ${key} --because "…"`)}`] : []
  if (letter.kind === 'unreadable')
    return [
      'It holds no ticket, so it cannot be redriven. To hand it on:',
      `  ${hint(`dead-letters export ${key} --body --to FILE`)}`,
      ...closing,
    ]
  if (letter.kind === 'collision')
    return ['Its id is another ticket’s, so it cannot be redriven: ask its sender to write it again.', ...closing]
  if (state === 'closed') return [`To send it all the same: ${hint(`dead-letters redrive ${key} --closed`)}`]
  if (state !== 'waits' || record?.state === 'delivered')
    return [`See: ${hint(`status ${letter.event?.ticket ?? letter.effect?.ticket ?? key}`)}`]
  return [
    `Once its cause is fixed: ${hint(`dead-letters redrive ${key}`)}`,
    `Handled in another way: ${hint(`dead-letters close ${key} --because "…"`)}`,
  ]
}
