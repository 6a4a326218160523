import { randomUUID } from 'node:crypto'
import { DeleteMessageBatchCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { createVirtualClock } from '@ticketing/local-aws'
import { createMetrics } from 'ticket-adapters/metrics'
import { createAddressBook, createCaseStore, createIndexStore } from 'ticket-adapters/s3'
import {
  type Case,
  type Ticket,
  type TicketEvent,
  addEvent,
  indexKeysOf,
  makeTicket,
  newCase,
  openEvent,
  parseDraft,
  readActivity,
} from 'ticket-core'
import { connectLine } from '../src/start.ts'
import { bytesOf, cardOf, NOW, post, says } from './intake.ts'
import { startAccount, type TestAccount } from './start-account.ts'

/** A person who writes, and where. */
interface Place {
  readonly from?: { readonly id: string; readonly name: string; readonly aadObjectId?: string }
  readonly team?: string
  /** The message that began the thread; by default each message begins its own. */
  readonly thread?: string
}

export const OLA = { id: '29:ola', name: 'Ola Nordmann', aadObjectId: 'aad-ola' }
export const ADA = { id: '29:ada', name: 'Ada Lovelace', aadObjectId: 'aad-ada' }

/** Line 1 with its real adapters on a cloud in this process. */
export interface CommandBed {
  readonly account: TestAccount
  /** Sends a message; the lines of the card that answers it. */
  say(text: string, place?: Place & { readonly change?: Record<string, unknown> }): Promise<readonly string[]>
  /** A ticket whose case and markers are there, as line 2 leaves them. */
  report(title: string, options?: Place & { readonly priority?: string; readonly age?: number }): Promise<Ticket>
  /** Adds the queued events to their cases, as line 4 does. Returns them. */
  apply(): Promise<readonly TicketEvent[]>
  caseOf(id: string): Promise<Case>
  readonly people: ReturnType<typeof createAddressBook>
  readonly index: ReturnType<typeof createIndexStore>
}

export async function startCommandBed(): Promise<CommandBed> {
  const account = await startAccount()
  const { sqs, s3 } = account.clients
  const clock = createVirtualClock(NOW)
  const connected = await connectLine({
    settings: {
      secretId: 'ticketing-app',
      host: '127.0.0.1',
      port: 0,
      maxAgeMs: 300_000,
      escalateAfterMs: 900_000,
      logLevel: 'info',
    },
    clients: account.clients,
    clock,
    log: { write: () => {} },
    fetch,
    newNonce: () => randomUUID(),
    metrics: createMetrics(),
  })
  if (!connected.ok) throw new Error(connected.failure.lines.join(' '))
  const { handle } = connected.value
  const store = { client: s3, bucket: 'dev-bucket', clock }
  const [cases, index, people] = [createCaseStore(store), createIndexStore(store), createAddressBook(store)]
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'dev-EVQ' }))
  let messages = 0
  let nonces = 0

  function messageOf(
    text: string,
    { from = OLA, team = 'team-1', thread, change }: Place & { change?: Record<string, unknown> },
  ): Record<string, unknown> {
    messages += 1
    const id = String(NOW + messages)
    return says(text, {
      id,
      timestamp: new Date(NOW + messages).toISOString(),
      from,
      channelData: { team: { id: team } },
      conversation: { id: `19:c@thread.tacv2;messageid=${thread ?? id}`, tenantId: 'tenant-1' },
      ...change,
    })
  }

  async function caseOf(id: string): Promise<Case> {
    const stored = await cases.read(id)
    if (stored.kind !== 'found') throw new Error(`the case of ${id} is ${stored.kind}`)
    return stored.item
  }

  async function apply(): Promise<readonly TicketEvent[]> {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
    if (Messages.length === 0) return []
    const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }))
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
    const events: TicketEvent[] = []
    for (const { Body = '' } of Messages) {
      const event = openEvent(Body)
      if (!event.ok) throw new Error(event.failure)
      events.push(event.value)
      const stored = await cases.read(event.value.ticket)
      if (stored.kind !== 'found') throw new Error('no case')
      nonces += 1
      const after = addEvent(stored.item, event.value, `n${nonces}`)
      if (after !== stored.item) await cases.write(event.value.ticket, after, { version: stored.version })
      const [before, now] = [indexKeysOf(stored.item), indexKeysOf(after)]
      for (const key of now) await index.put(key)
      for (const key of before) if (!now.has(key)) await index.remove(key)
    }
    return [...events, ...(await apply())]
  }

  return {
    account,
    people,
    index,
    caseOf,
    apply,
    async say(text, place = {}) {
      const reply = await handle(post(messageOf(text, place)))
      if (reply.status !== 200) return [String(reply.status)]
      return cardOf(reply).split('\n')
    },
    async report(title, { priority = 'medium', age = 0, ...place } = {}) {
      const text = `Title: ${title}\nPriority: ${priority}\nDescription: It stays white.`
      const body = bytesOf(messageOf(text, place))
      const activity = readActivity({ body, now: NOW, maxAgeMs: Infinity })
      const draft = parseDraft(text)
      if (!activity.ok || !draft.ok) throw new Error('the test writes no ticket')
      const ticket = makeTicket({ ...activity.value, at: activity.value.at - age }, draft.value)
      const known = newCase(ticket, 'n0')
      for (const key of indexKeysOf(known)) await index.put(key)
      await cases.write(ticket.id, known, 'absent')
      return ticket
    },
  }
}
