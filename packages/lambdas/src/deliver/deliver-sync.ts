import { type Receipt, type Sync, caseObject } from 'ticket-core'
import { callsEnd } from '../execution.ts'
import { decideSync, isBehind } from '../decide/decide.ts'
import type { MessageResult } from '../message-result.ts'
import { deliverMoved } from './deliver-moved.ts'
import type { DeliverPorts } from './deliver-ticket.ts'
import { deliverWork } from './deliver-work.ts'
import { type EffectMessage, effectWork, readKnown } from './read-effect.ts'
import type { Turn } from './write-record.ts'

/** The reporter's team needs no ticket of its own: it has the message. */
const TEAM: Receipt = { destination: 'team', where: 'the thread of the message' }

/**
 * Makes a place agree with the case as it is now. A ticket has one record for the syncs of a place, and its claim keeps
 * two from working on one card. The case is read after that record: a sync that ends in between changes it, and the claim
 * fails.
 */
export function deliverSync(ports: DeliverPorts, turn: Turn, message: EffectMessage<Sync>): Promise<MessageResult> {
  const { effect, life } = message
  const work = effectWork(turn, message)
  return deliverWork(ports, work, {
    decide: (stored, now) => decideSync(stored, { ...work.subject, life }, now),
    prepare: async (stored) => {
      const read = await readKnown(ports, work)
      if (read.kind !== 'known') return read
      const { record, known, caseKey } = read
      const receipt = effect.place === 'team' ? TEAM : record?.state === 'delivered' ? record.receipt : undefined
      if (!receipt) return deliverMoved(ports, work, { ...read, effect })
      const events = known.events.length
      if (!isBehind(stored, { life, events })) return { kind: 'done' }
      return {
        kind: 'ready',
        caseKey,
        syncing: events,
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
      }
    },
  })
}
