import { type Sync, caseObject } from 'ticket-core'
import { callsEnd } from '../execution.ts'
import { decideSync } from '../ledger/decide.ts'
import type { MessageResult } from '../message-result.ts'
import type { DeliverPorts } from './deliver-ticket.ts'
import { deliverWork } from './deliver-work.ts'
import { type EffectMessage, effectWork, notYet, readKnown } from './read-effect.ts'
import type { Turn } from './write-record.ts'

/**
 * Makes a place agree with the case as it is now: it waits for the ticket. A ticket has one record for the syncs of a
 * place, and its claim keeps two from working on one card. The case is read before that record: a sync that ended in
 * between knew as many events at least, and then nothing is left to do here.
 */
export async function deliverSync(
  ports: DeliverPorts,
  turn: Turn,
  message: EffectMessage<Sync>,
): Promise<MessageResult> {
  const work = effectWork(turn, message)
  const read = await readKnown(ports, work)
  if (read.kind !== 'known') return read
  const { record, known, caseKey } = read
  if (record?.state !== 'delivered' || !record.receipt)
    return notYet(ports, work, 'its ticket is not delivered there yet')
  const { receipt } = record
  const asked = { ...work.subject, life: message.life, events: known.events.length }
  return deliverWork(ports, work, {
    decide: (stored, now) => decideSync(stored, asked, now),
    prepare: async (stored) => ({
      kind: 'ready',
      caseKey,
      syncing: known.events.length,
      deliver: ({ suspect = false, firstClaimAt }) =>
        ports.sink.sync({
          key: work.subject.id,
          known,
          since: (stored.kind === 'found' && stored.item.synced) || 0,
          receipt,
          suspect,
          firstClaimAt,
          deadline: callsEnd(turn.execution),
          keptAt: caseObject(caseKey),
        }),
    }),
  })
}
