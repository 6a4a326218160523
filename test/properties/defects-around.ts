import { DeleteObjectsCommand } from '@aws-sdk/client-s3'
import { findTicketId, type VirtualTestbed } from '@ticketing/testbed'
import { changeCalls, allTaken, isLedgerWrite, isSqs, refused, written } from './change-calls.ts'
import type { Defect } from './defect.ts'
import { listKeys } from '../support/bed.ts'
import { redriveAll } from './operate.ts'
import { withStorms, storm, everySecond, twice, slowSlack } from './provoke.ts'

/** An operator's tool that makes the ticket a new one. */
async function forgetAndRedrive(bed: VirtualTestbed): Promise<string> {
  const letters = new Set((await listKeys(bed, 'dead-letters/T-')).map(findTicketId))
  const records = (await listKeys(bed, 'ledger/')).filter((key) => letters.has(findTicketId(key)))
  const Objects = records.map((Key) => ({ Key }))
  if (Objects.length > 0)
    await bed.clients.s3.send(new DeleteObjectsCommand({ Bucket: bed.bucket, Delete: { Objects } }))
  return redriveAll(bed)
}

/** Planted in what a process says to AWS or hears from it, and in what an operator does. */
export const DEFECTS_AROUND: readonly Defect[] = [
  {
    name: 'ages what it keeps of the secret by the wall clock',
    breach: 'removed-token-accepted',
    around: {
      wrapProcess: (process, ports) =>
        process === 'server' ? { ...ports, clock: { ...ports.clock, monotonic: () => ports.clock.now() } } : ports,
    },
    provoke: (plan) => ({
      ...plan,
      scheduledEvents: [
        { at: 'clock', kind: 'jump', by: -3_600_000, in: 1_200_000 },
        { at: 'secret', kind: 'rotated', what: 'teams', in: 1_200_000, writtenAfter: 0 },
      ],
    }),
  },
  {
    name: 'takes a write of the ledger that lost a race for done',
    breach: 'repeat-without-doubt',
    around: {
      wrapProcess: changeCalls('functions', async (request, call) => {
        const answer = await call()
        return isLedgerWrite(request) && answer.response.statusCode === 412 ? written() : answer
      }),
    },
    provoke: withStorms(twice, slowSlack, everySecond({ at: 's3.putObject', kind: 'slow', ms: 1500, chance: 0.5 })),
  },
  {
    name: "ignores an entry's failure in a batch that was sent",
    breach: 'accepted-but-not-queued',
    around: {
      wrapProcess: changeCalls('server', async (request, call) => {
        const answer = await call()
        return isSqs(request, 'SendMessageBatch') ? allTaken(request, answer) : answer
      }),
    },
    provoke: withStorms(
      everySecond({ at: 'sqs.sendMessageBatch', kind: 'batch-entry-failure', by: 'server', chance: 1 }),
    ),
  },
  {
    name: 'says accepted before the queue does',
    breach: 'accepted-but-not-queued',
    around: {
      wrapProcess: changeCalls('server', async (request, call) => {
        if (!isSqs(request, 'SendMessageBatch')) return call()
        return call().catch(() => allTaken(request))
      }),
    },
    provoke: withStorms(everySecond({ at: 'sqs.sendMessageBatch', kind: 'reset', by: 'server', chance: 0.5 })),
  },
  {
    name: 'says not accepted where it cannot know',
    breach: 'refused-but-arrives',
    around: {
      wrapProcess: changeCalls('server', async (request, call) => {
        if (!isSqs(request, 'SendMessageBatch')) return call()
        return call().catch(() => refused())
      }),
    },
    provoke: withStorms(
      everySecond({ at: 'sqs.sendMessageBatch', kind: 'reset', when: 'after', by: 'server', chance: 0.5 }),
    ),
  },
  {
    name: 'redrives by forgetting what the ledger knows',
    breach: 'repeat-not-marked',
    around: { redrive: forgetAndRedrive },
    // Delivered without an answer, then refused: dead, and in doubt.
    provoke: (plan) => ({
      ...withStorms(
        storm(0, 55, { at: 'slack.postMessage', kind: 'timeout-after-effect', by: 'function.high', chance: 1 }),
        storm(56, 300, { at: 'slack.postMessage', kind: '4xx', status: 400, by: 'function.high', chance: 1 }),
      )(plan),
      redrives: [500],
    }),
  },
]
