import { createHmac, randomUUID } from 'node:crypto'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { type StartOptions, connectLine, startServer } from '@ticketing/server'
import type { PolicyDocument, StackClients } from '@ticketing/stack'
import { createJournal, createTeamsSimulator, DEFAULT_PLACE, findTicketId, replyText } from '@ticketing/testbed'
import { systemClock as clock } from 'ticket-adapters/clock'
import { createMetrics } from 'ticket-adapters/metrics'
import {
  createAddressBook,
  createCaseStore,
  createIndexStore,
  createLedger,
  createSweepCursors,
} from 'ticket-adapters/s3'
import { type Ticket, indexKey, indexKeysOf, nameResources, newCase, placeKey } from 'ticket-core'
import { buildLetter, buildRecord, buildTicket } from '../support/records.ts'
import { type Account, CALLBACK_SECRETS, SCOPE, TOKEN } from './account.ts'
import { expectThat } from './expect-that.ts'

const { bucket: BUCKET, lanes } = nameResources(SCOPE.prefix)
const EVENTS = lanes.events.queue
const PUBLIC_URL = 'https://tickets.example.com'
const QUEUES = { low: lanes.low.queue, medium: lanes.medium.queue, high: lanes.high.queue }

/**
 * What a server does: it starts, is ready, sends a ticket of each priority, gives the status of one that is known and of
 * one that is not, takes commands, and what people do in Trello and Slack. Throws at the first unexpected result.
 */
export async function serve(account: Account, policy: PolicyDocument): Promise<void> {
  const { root } = account
  await root.s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
  for (const QueueName of [...Object.values(QUEUES), EVENTS]) await root.sqs.send(new CreateQueueCommand({ QueueName }))
  const options: StartOptions = {
    settings: {
      secretId: SCOPE.secretId,
      host: '127.0.0.1',
      port: 0,
      maxAgeMs: 300_000,
      escalateAfterMs: 900_000,
      logLevel: 'error',
      publicUrl: PUBLIC_URL,
    },
    clients: await account.clientsFor(policy),
    clock,
    log: { write: () => undefined },
    fetch: quietTrello,
    newNonce: () => randomUUID(),
    metrics: createMetrics(),
  }
  const started = await startServer(options)
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
    await keepCase(root, 'T-00000-00000')
    expectThat('a callback of Trello is taken', (await callTrello(url)) === 200)
    await expectQueued(root, EVENTS, 'T-00000-00000')
    expectThat('a button of an unknown ticket is answered', (await pressInSlack(url, 'T-ZZZZZ-ZZZZZ')) === 200)
    const known = { ...buildTicket('high'), teamId: DEFAULT_PLACE.teamId }
    await keep(root, known)
    for (const [text, expected] of [
      ['list', known.id],
      ['status T-ZZZZZ-ZZZZZ', 'or never accepted'],
      ['take T-ZZZZZ-ZZZZZ', 'is not known here'],
      [`assign ${known.id} Grace`, 'I do not know Grace yet'],
      [`assign ${known.id} Ada`, 'Assignee: none → Ada'],
    ] as const) {
      const answer = replyText(await teams.sendText(text))
      expectThat(`“${text}” is answered: ${answer}`, answer.includes(expected))
    }
    await expectQueued(root, EVENTS, known.id)
    await sweep(root, options)
  } finally {
    await server.close()
  }
}

/** A board on which nothing happened. */
const quietTrello: typeof fetch = async (input) =>
  Response.json(new Request(input).url.includes('/members/me') ? { id: '5f0000000000000000000002' } : [])

/** A sweep escalates a ticket that waits, removes a key of it that is stale, and writes its cursor. */
async function sweep(root: StackClients, options: StartOptions): Promise<void> {
  const connected = await connectLine(options)
  expectThat('it connects', connected.ok)
  if (!connected.ok) return
  const waiting = { ...buildTicket('high'), id: 'T-00000-00001' }
  const known = newCase(waiting, 'n')
  const store = { client: root.s3, bucket: BUCKET, clock }
  await createCaseStore(store).write(waiting.id, known, 'absent')
  const index = createIndexStore(store)
  const stale = indexKey(known, { kind: 'open', priority: 'high' }).replace(/[^/]+-T-/, 'zzzzzzzzzz-T-')
  for (const key of [...indexKeysOf(known), stale]) await index.put(key)
  await connected.value.sweep()
  await expectQueued(root, EVENTS, `system:escalated:${waiting.id}:1`)
  const left = await index.list(stale, { limit: 1 })
  expectThat('the stale key is removed', left.kind === 'page' && left.keys.length === 0)
  const cursor = await createSweepCursors(store).read('trello')
  expectThat('the cursor is there', cursor.kind === 'found')
}

async function expectQueued({ sqs }: StackClients, name: string, id: string): Promise<void> {
  const QueueUrl = `http://cloud.internal/${SCOPE.accountId}/${name}`
  const { Messages: [found] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
  expectThat(`${id} is in ${name}`, found?.Body?.includes(id) === true)
  // It would come back in a moment: the account's clock is fast.
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found?.ReceiptHandle }))
}

const CARD = '5f0000000000000000000001'

async function keepCase({ s3 }: StackClients, id: string): Promise<void> {
  const ticket = { ...buildTicket('medium'), id }
  const store = { client: s3, bucket: BUCKET, clock }
  const written = await createCaseStore(store).write(id, newCase(ticket, 'n'), 'absent')
  expectThat('the case is there', written.kind === 'written')
  const Key = placeKey(CARD, id)
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: new Uint8Array(), IfNoneMatch: '*' }))
}

async function callTrello(url: string): Promise<number> {
  const data = { card: { id: CARD, closed: true }, old: { closed: false } }
  const action = { id: '65a7d90edf6648c60e5add42', type: 'updateCard', date: '2026-11-23T15:00:00.000Z', data }
  const body = JSON.stringify({ action })
  const mac = createHmac('sha1', CALLBACK_SECRETS.TRELLO_API_SECRET).update(`${body}${PUBLIC_URL}/trello`)
  const headers = { 'x-trello-webhook': mac.digest('base64') }
  return (await fetch(`${url}/trello`, { method: 'POST', body, headers })).status
}

async function pressInSlack(url: string, ticket: string): Promise<number> {
  const payload = JSON.stringify({
    type: 'block_actions',
    user: { id: 'U1', name: 'ada' },
    container: { message_ts: '1795442602.000100' },
    actions: [{ action_id: 'take', value: ticket, action_ts: '1795442600.250000' }],
  })
  const body = new URLSearchParams({ payload }).toString()
  const timestamp = String(Math.floor(clock.now() / 1000))
  const mac = createHmac('sha256', CALLBACK_SECRETS.SLACK_SIGNING_SECRET).update(`v0:${timestamp}:${body}`)
  const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${mac.digest('hex')}` }
  return (await fetch(`${url}/slack`, { method: 'POST', body, headers })).status
}

/** A ticket's case and its place in the lists, and a person of its team. */
async function keep({ s3: client }: StackClients, ticket: Ticket): Promise<void> {
  const store = { client, bucket: BUCKET, clock }
  const known = newCase(ticket, 'n')
  const kept = await createCaseStore(store).write(ticket.id, known, 'absent')
  expectThat('the case is there', kept.kind === 'written')
  for (const key of indexKeysOf(known)) await createIndexStore(store).put(key)
  await createAddressBook(store).remember(DEFAULT_PLACE.teamId, { v: 1, name: 'Ada', id: 'ada' })
}

async function record({ s3 }: StackClients, id: string): Promise<void> {
  const ticket = { ...buildTicket('high'), id }
  const record = buildRecord(buildLetter(0, { ticket }), { team: DEFAULT_PLACE.teamId })
  const written = await createLedger({ client: s3, bucket: BUCKET, clock, lane: 'high' }).write(id, record, 'absent')
  expectThat('the record is there', written.kind === 'written')
}
