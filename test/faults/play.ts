import {
  findTicketId,
  replyText,
  startTestbed,
  type Fault,
  type FaultKindAt,
  type ProcessFault,
  type TeamsReply,
  type VirtualTestbed,
} from '@ticketing/testbed'
import { placesOf } from '../support/bed.ts'

/** What a user and an operator can see of one ticket once all is quiet. */
export interface Seen {
  /** What the sender read in the thread. */
  readonly reply: 'accepted' | 'not accepted' | 'may or may not arrive' | 'nothing'
  readonly bucket: number
  readonly board: number
  readonly alert: number
  /** Alerts that say that they may be a repeat. */
  readonly marked: number
  readonly state: string
  /** How often an admin was notified of a death. */
  readonly notices: number
  /** Whether the notice says that it may have been delivered. */
  readonly mayBeDelivered: boolean
  /** What the ledger says of the first attempt. */
  readonly firstCode: string | undefined
  /** How long it took from the message to quiet. */
  readonly minutes: number
}

/** What stays the same in most outcomes: taken, delivered nowhere else, no admin notified. */
const CALM = { reply: 'accepted', bucket: 0, board: 0, alert: 0, marked: 0, state: 'delivered', notices: 0 } as const

export const ON_THE_BOARD = { ...CALM, board: 1 } as const
export const ALERTED = { ...CALM, alert: 1 } as const
/** It was unknown whether Slack had it, and it had not. */
export const ALERTED_MARKED = { ...ALERTED, marked: 1 } as const
/** It was unknown whether Slack had it, and it had. */
export const ALERTED_TWICE = { ...CALM, alert: 2, marked: 1 } as const
export const STORED = { ...CALM, bucket: 1 } as const
export const DEAD_WITH_NOTICE = { ...CALM, state: 'dead', notices: 1, mayBeDelivered: false } as const

export interface PlayOptions {
  readonly priority: 'low' | 'medium' | 'high'
  readonly faults: readonly Fault[]
  readonly functionSettings?: Readonly<Record<string, string>>
}

/** One ticket on a fresh testbed with these faults in it, until all is quiet. Faults that met nothing fail it. */
export async function play({ priority, faults, ...options }: PlayOptions): Promise<Seen> {
  await using bed = await startTestbed({ clock: 'virtual', ...options })
  // The token is bound to its team before anything goes wrong; `s3.test.ts` has what happens to one that is not.
  await bed.teams.sendText('help')
  for (const fault of faults) bed.faults.add(fault)
  const began = bed.clock.now()
  const reply = await bed.teams.send({ title: 'Login page is blank', priority, description: 'It stays white.' })
  await bed.clock.runUntilQuiet()
  return look(bed, { reply, began })
}

/** Looks at everything that is left of a ticket. */
export async function look(
  bed: VirtualTestbed,
  { reply, began }: { readonly reply: TeamsReply; readonly began: number },
): Promise<Seen> {
  const id =
    findTicketId(replyText(reply)) ?? bed.journal.entries.find(({ ticket }) => ticket !== undefined)?.ticket ?? 'none'
  const stored = await bed.ledger.read(id)
  const record = stored.kind === 'found' ? stored.item : undefined
  const notices = bed.slack.messages.filter(({ channel, shown }) => channel === 'ticket-admins' && shown.includes(id))
  const alerts = bed.slack.messages.filter(({ channel, shown }) => channel === 'tickets' && shown.includes(id))
  return {
    reply: whatWasSaid(reply),
    ...(await placesOf(bed, id)),
    marked: alerts.filter(({ shown }) => /possible repeat/i.test(shown)).length,
    state: record?.state ?? 'none',
    notices: notices.length,
    mayBeDelivered: notices.some(({ shown }) => /may have been delivered/i.test(shown)),
    firstCode: record?.attempts.first?.code,
    minutes: (bed.clock.now() - began) / 60_000,
  }
}

function whatWasSaid(reply: TeamsReply): Seen['reply'] {
  const text = replyText(reply)
  if (reply.kind === 'failed') return 'nothing'
  if (text.includes('may or may not arrive')) return 'may or may not arrive'
  return text.includes('was not accepted') ? 'not accepted' : 'accepted'
}

/** For each kind of fault there is at a place what a user then sees. A new kind does not compile until it has a row. */
export type Outcomes<Place extends Fault['at'], Sight = Partial<Seen>> = {
  readonly [Kind in FaultKindAt<Place>]: readonly (readonly [
    fault: Extract<Fault, { readonly kind: Kind }>,
    seen: Sight,
  ])[]
}

/** The rows of a table, each with a name that says what goes wrong. */
export function rowsOf<Place extends Fault['at'], Sight>(
  table: Outcomes<Place, Sight>,
): [name: string, fault: Fault, seen: Sight][] {
  const rows: readonly (readonly (readonly [Fault, Sight])[])[] = Object.values(table)
  return rows.flat().map(([fault, seen]) => [nameOf(fault), fault, seen])
}

function nameOf({ at, kind, ...more }: Fault): string {
  const details = Object.entries(more).map(([name, value]) => `${name} ${value}`)
  return [`${at} ${kind}`, ...details].join(', ')
}

const ENDS: Readonly<Record<ProcessFault['kind'], ProcessFault['kind']>> = {
  crash: 'crash',
  killed: 'killed',
  'timed-out': 'timed-out',
}
/** Every way in which a process of ours ends. */
export const PROCESS_ENDS: readonly ProcessFault['kind'][] = Object.values(ENDS)
