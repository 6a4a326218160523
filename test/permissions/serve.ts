import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { startServer } from '@ticketing/server'
import type { PolicyDocument, StackClients } from '@ticketing/stack'
import { createJournal, createTeamsSimulator, DEFAULT_PLACE, findTicketId, replyText } from '@ticketing/testbed'
import { systemClock as clock } from 'ticket-adapters/clock'
import { createMetrics } from 'ticket-adapters/metrics'
import { createLedger } from 'ticket-adapters/s3'
import { nameResources } from 'ticket-core'
import { type Account, SCOPE, TOKEN } from './account.ts'
import { expectThat } from './expect-that.ts'

const { bucket: BUCKET, lanes } = nameResources(SCOPE.prefix)
const QUEUES = { low: lanes.low.queue, medium: lanes.medium.queue, high: lanes.high.queue }

/**
 * A server's day: it starts, is ready, hands in a ticket of each priority, and tells what became of one that is known and
 * of one that is not. Throws at the first thing that does not go as it should.
 */
export async function serve(account: Account, policy: PolicyDocument): Promise<void> {
  const { root } = account
  await root.s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  for (const QueueName of Object.values(QUEUES)) await root.sqs.send(new CreateQueueCommand({ QueueName }))
  const started = await startServer({
    settings: { secretId: SCOPE.secretId, host: '127.0.0.1', port: 0, maxAgeMs: 300_000, logLevel: 'error' },
    clients: await account.clientsFor(policy),
    clock,
    log: { write: () => undefined },
    metrics: createMetrics(),
  })
  if (!started.ok) throw new Error(`the server did not start: ${started.failure.lines.join('; ')}`)
  const server = started.value
  const { url } = server
  try {
    const ready = await fetch(`${url}/ready`)
    expectThat(`it is ready: ${await ready.text()}`, ready.status === 200)
    const teams = createTeamsSimulator({
      clock,
      journal: createJournal({ clock }),
      token: TOKEN,
      url,
    })
    for (const [priority, queue] of Object.entries(QUEUES)) {
      const answer = replyText(await teams.send({ title: 'T', priority, description: 'D' }))
      expectThat(`a ticket of priority ${priority} is accepted: ${answer}`, /accepted/.test(answer))
      await expectQueued(root, queue, findTicketId(answer) ?? '')
    }
    await record(root, 'T-00000-00000')
    for (const [id, what] of [
      ['T-00000-00000', 'could not be delivered'],
      ['T-ZZZZZ-ZZZZZ', 'not delivered yet, or never accepted'],
    ] as const) {
      const answer = replyText(await teams.sendText(`status ${id}`))
      expectThat(`${id} ${what}: ${answer}`, answer.includes(id) && answer.includes(what))
    }
  } finally {
    await server.close()
  }
}

async function expectQueued({ sqs }: StackClients, name: string, id: string): Promise<void> {
  const QueueUrl = `http://cloud.internal/${SCOPE.accountId}/${name}`
  const { Messages: found = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
  expectThat(`${id} is in ${name}`, found.length === 1 && found[0]?.Body?.includes(id) === true)
}

async function record({ s3 }: StackClients, id: string): Promise<void> {
  const written = await createLedger({ client: s3, bucket: BUCKET, clock, lane: 'high' }).write(
    id,
    {
      v: 1,
      id,
      source: 'a digest',
      digest: 'of its words',
      team: DEFAULT_PLACE.teamId,
      life: 0,
      state: 'dead',
      nonce: 'n',
      crashes: 0,
      firstClaimAt: 0,
      attempts: { count: 0, last: [] },
      failure: { code: 'slack-404', reason: 'no such webhook' },
      diedAt: 0,
    },
    'absent',
  )
  expectThat('the record is there', written.kind === 'written')
}
