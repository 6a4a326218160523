import { loadBundles } from '@ticketing/lambdas'
import { findTicketId, replyText, startTestbed } from '@ticketing/testbed'
import type { TeamsReply, Testbed, TestbedOptions } from '@ticketing/testbed'
import type { LedgerRecord } from 'ticket-core'
import { expect } from 'vitest'

/** How long anything may take; a green run needs a fraction of it. */
const PATIENCE = { timeout: 25_000, interval: 25 }

/** Somebody else's cloud to run the scenarios on; absent: the embedded one. */
const ENDPOINT = process.env['TICKETING_TEST_ENDPOINT']

/** The whole system, on the backend that the run is about. Stop it in `afterAll`. */
export async function startBed(options: Omit<TestbedOptions, 'bundles'> = {}): Promise<Testbed> {
  return startTestbed({
    bundles: await loadBundles(),
    ...(ENDPOINT !== undefined && { endpoint: ENDPOINT }),
    ...options,
  })
}

/** The id on the card of an accepted ticket. */
export function acceptedId(reply: TeamsReply): string {
  expect(reply, replyText(reply)).toMatchObject({ kind: 'replied', status: 200 })
  const id = findTicketId(replyText(reply))
  if (id === undefined) throw new Error(`the bot named no ticket:\n${replyText(reply)}`)
  return id
}

/** Waits until the ledger shows the ticket in this state, and gives its record. */
export async function recordOf(bed: Testbed, id: string, state: LedgerRecord['state']): Promise<LedgerRecord> {
  const read = async (): Promise<LedgerRecord | undefined> => {
    const stored = await bed.ledger.read(id)
    return stored.kind === 'found' ? stored.item : undefined
  }
  await expect
    .poll(async () => (await read())?.state, { ...PATIENCE, message: `${id} never became ${state}` })
    .toBe(state)
  const record = await read()
  if (!record) throw new Error(`the record of ${id} is gone`)
  return record
}

/** Waits until all of them are delivered. */
export async function untilDelivered(bed: Testbed, ids: readonly string[]): Promise<LedgerRecord[]> {
  return Promise.all(ids.map((id) => recordOf(bed, id, 'delivered')))
}

/** Where a ticket is, by looking at every destination: what the vendors hold, not what we say of it. */
export async function placesOf(bed: Testbed, id: string): Promise<{ archive: number; board: number; alert: number }> {
  const objects = await listKeys(bed, 'tickets/')
  return {
    archive: objects.filter((key) => key.includes(id)).length,
    board: bed.trello.cards.filter((card) => card.desc.includes(id)).length,
    alert: bed.slack.messages.filter((message) => message.channel === 'tickets' && message.shown.includes(id)).length,
  }
}

/** The keys of the bucket below a prefix. */
export async function listKeys(bed: Testbed, prefix: string): Promise<string[]> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3')
  const listed = await bed.clients.s3.send(new ListObjectsV2Command({ Bucket: bed.bucket, Prefix: prefix }))
  return (listed.Contents ?? []).flatMap(({ Key }) => Key ?? [])
}

/** Checks how many messages of a ticket were queued, where the cloud tells. */
export function expectQueued(bed: Testbed, id: string, count: number): void {
  if (bed.seesCloud) expect(bed.journal.count({ source: 'sqs', kind: 'message-sent', ticket: id })).toBe(count)
}

export { PATIENCE }
