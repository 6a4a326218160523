import { randomUUID } from 'node:crypto'
import { createBucketSink, deleteObject } from 'ticket-adapters/s3'
import {
  type Case,
  type Conflict,
  type IsMeant,
  type LedgerRecord,
  type Marked,
  forgetInCase,
  forgetWords,
  indexKeysOf,
  isReportedBy,
  messageLink,
  retryOnConflict,
} from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { showTime } from '../text/layout.ts'
import { type LaneRecord, readRecords } from './read-records.ts'

/** What was found of a person in one ticket. */
export interface ForgottenCase {
  readonly id: string
  /** They reported it: its words are gone. */
  readonly isReporter: boolean
  /** Events in which they stood. */
  readonly events: number
  /** The ticket's object in the bucket was replaced. */
  readonly object: boolean
  /** Neither delivered nor dead: its message holds the words. */
  readonly isOnItsWay: boolean
  /** What stands elsewhere, and has to be erased there by hand. */
  readonly elsewhere: readonly string[]
}

interface Forgetting {
  readonly isMeant: IsMeant
  readonly dryRun: boolean
}

/**
 * Erases a person from a ticket: its object in the bucket, then its index keys, the case last. The case names the person until
 * all else is done, so that after a crash the next run finds it again. Undefined when the person is not in it.
 */
export async function forgetInTicket(
  system: System,
  context: CommandContext,
  { key, isMeant, dryRun }: Forgetting & { readonly key: string },
): Promise<ForgottenCase | undefined> {
  const attempt = async (): Promise<ForgottenCase | undefined | Conflict> => {
    const stored = await system.cases.read(key)
    if (stored.kind === 'absent') return undefined
    if (stored.kind === 'unavailable') throw failed(stored.reason)
    const known = stored.item
    const left = forgetInCase(known, isMeant)
    if (left === known) return undefined
    const records = await readRecords(system, known)
    const found = describe(known, left, { isMeant, records })
    if (dryRun) return found
    if (found.object) for (const { record } of records) await forgetObject(system, context, { known, record })
    // A case that was kept beside another ticket's is not in the index.
    if (key === known.id) await moveKeys(system, known, left)
    const written = await system.cases.write(key, { ...left, nonce: randomUUID() }, { version: stored.version })
    if (written.kind === 'unavailable') throw failed(written.reason)
    return written.kind === 'conflict' ? written : found
  }
  return retryOnConflict<ForgottenCase | undefined>(attempt, () => {
    throw failed(`the case of ${key} is written again and again.`)
  })
}

function describe(
  known: Case,
  left: Case,
  { isMeant, records }: { readonly isMeant: IsMeant; readonly records: readonly LaneRecord[] },
): ForgottenCase {
  const { id, ticket } = known
  const isReporter = isReportedBy(ticket, isMeant)
  const message = isReporter ? messageLink(ticket) : undefined
  return {
    id,
    isReporter,
    events: left.events.filter((event, at) => event !== known.events[at]).length,
    object: isReporter && records.some(({ record }) => isInBucket(record)),
    isOnItsWay: isReporter && !records.some(({ record: { state } }) => state === 'delivered' || state === 'dead'),
    elsewhere: [
      ...records.flatMap(({ record }) => describeElsewhere(record)),
      ...(message === undefined ? [] : [`Teams: ${message}`]),
    ],
  }
}

function describeElsewhere({ id, state, receipt, deliveredAt }: LedgerRecord): string[] {
  if (state !== 'delivered' || !receipt || receipt.destination === 'bucket') return []
  const when = deliveredAt === undefined ? '' : `, ${showTime(deliveredAt)}`
  if (receipt.destination === 'board') return [`Trello: ${receipt.url ?? receipt.where}`]
  return [`Slack: the message with ${id}${when}, and what is in its thread`]
}

function isInBucket({ state, receipt }: LedgerRecord): boolean {
  return state === 'delivered' && receipt?.destination === 'bucket' && receipt.vendorId !== undefined
}

/**
 * The key of a ticket's object has words of its title. The object goes to a key without them: put, delete the old one, and
 * only then write the record, which names the old one until it is gone.
 */
async function forgetObject(
  { store, ledgers }: System,
  { clock }: CommandContext,
  { known, record }: { readonly known: Case; readonly record: LedgerRecord },
): Promise<void> {
  const { receipt } = record
  if (!isInBucket(record) || receipt?.vendorId === undefined) return
  const put = await createBucketSink(store).deliver({
    ticket: { ...forgetWords(known.ticket), priority: 'low' },
    suspect: false,
    firstClaimAt: record.firstClaimAt,
    deadline: clock.monotonic() + ONE_OBJECT_MS,
    keptAt: '',
  })
  if (put.kind !== 'delivered') throw failed(put.reason)
  const { where, vendorId } = put.receipt
  if (vendorId === undefined || vendorId === receipt.vendorId) return
  const failure = await deleteObject(store, receipt.vendorId)
  if (failure !== undefined) throw failed(failure)
  const stored = await ledgers.low.read(known.id)
  if (stored.kind !== 'found') throw failed(`the record of ${known.id} could not be read again.`)
  const changed = { ...stored.item, receipt: { ...receipt, where, vendorId }, nonce: randomUUID() }
  const written = await ledgers.low.write(known.id, changed, { version: stored.version })
  if (written.kind !== 'written') throw failed(`the record of ${known.id} could not be written.`)
}

const ONE_OBJECT_MS = 10_000

/** Keys of people hold digests of them. Those of the person go before the case does: no list of others needs them. */
async function moveKeys({ index }: System, known: Case, left: Case): Promise<void> {
  const [before, after] = [indexKeysOf(known), indexKeysOf(left)]
  for (const key of after) if (!before.has(key)) expectDone(await index.put(key))
  for (const key of before) if (!after.has(key)) expectDone(await index.remove(key))
}

function expectDone(marked: Marked): void {
  if (marked.kind === 'unavailable') throw failed(marked.reason)
}

function failed(reason: string): CliError {
  return new CliError(`not all is erased yet: ${reason} Run it again`, 1, { isTransient: true })
}
