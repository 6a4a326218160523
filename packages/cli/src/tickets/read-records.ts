import { type Case, type LedgerRecord, type TicketLane, TICKET_LANES } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { System } from '../connect.ts'

/** A ticket's record in one lane. */
export interface LaneRecord {
  readonly lane: TicketLane
  readonly record: LedgerRecord
}

/** The ticket's record in each lane: a new priority gives it a second one. */
export async function readRecords({ ledgers }: System, { id, source }: Case): Promise<readonly LaneRecord[]> {
  const stored = await Promise.all(TICKET_LANES.map((lane) => ledgers[lane].read(id)))
  return stored.flatMap((one, at) => {
    const lane = TICKET_LANES[at]
    if (one.kind === 'unavailable') throw new CliError(`the ledger could not be read: ${one.reason}`)
    return one.kind === 'found' && one.item.source === source && lane ? [{ lane, record: one.item }] : []
  })
}
