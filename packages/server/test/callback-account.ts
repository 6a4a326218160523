import { createHmac, randomUUID } from 'node:crypto'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { systemClock } from 'ticket-adapters/clock'
import { createMetrics } from 'ticket-adapters/metrics'
import {
  type Case,
  type Ticket,
  type TicketEvent,
  addEvent,
  caseObject,
  newCase,
  openEvent,
  placeKey,
} from 'ticket-core'
import type { Handle, IncomingRequest, Reply } from '../src/http-values.ts'
import { connectLine, type StartOptions } from '../src/start.ts'
import { type LogLine, NOW } from './intake.ts'
import { GOOD_SECRET, startAccount, type TestAccount } from './start-account.ts'

export const TICKET_ID = 'T-7QK2M-9XD4R'
export const SOURCE: string = 'ab'.repeat(32)
/** A card that was made an hour before. */
export const CARD = `${Math.floor(NOW / 1000 - 3600).toString(16)}c7532e93d9e8d1ec`
export const CALLBACK_SECRETS = {
  TRELLO_API_SECRET: '0123456789abcdef'.repeat(4),
  SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99yyyzzz85a5',
}
const PUBLIC_URL = 'https://tickets.example.com'

export interface CallbackServer {
  readonly account: TestAccount
  readonly lines: readonly LogLine[]
  /** Milliseconds that the server's clock is ahead of {@link NOW}. */
  offset: number
  readonly handle: Handle
  readonly options: StartOptions
  /** What was sent to Slack, and what it answers. */
  readonly toSlack: { readonly url: string; readonly body: string }[]
  slackAnswers: () => Promise<Response>
  /** Every event in the queue, in no order. */
  queued(): Promise<readonly TicketEvent[]>
  /** Keeps a case with these events, and says which card shows its ticket. */
  keep(events?: readonly TicketEvent[]): Promise<void>
  metrics(): string
}

/** A server with callbacks on an AWS of its own; the case of one ticket is there, and its card. */
export async function startCallbackServer({
  secret = { ...GOOD_SECRET, TRELLO_DONE_LIST_NAME: 'Done', ...CALLBACK_SECRETS },
  publicUrl = PUBLIC_URL,
}: {
  secret?: Readonly<Record<string, string>>
  publicUrl?: string | undefined
} = {}): Promise<CallbackServer> {
  const account = await startAccount({ secret })
  const { s3, sqs } = account.clients
  const lines: LogLine[] = []
  const metrics = createMetrics()
  const toSlack: CallbackServer['toSlack'] = []
  const server = { offset: 0, toSlack, slackAnswers: async () => new Response('ok') }
  const options: StartOptions = {
    settings: {
      secretId: 'ticketing-app',
      host: '127.0.0.1',
      port: 0,
      maxAgeMs: 300_000,
      escalateAfterMs: 900_000,
      logLevel: 'debug',
      ...(publicUrl !== '' && { publicUrl }),
    },
    clients: account.clients,
    clock: { ...systemClock, now: () => NOW + server.offset },
    fetch: async (url, init) => {
      const request = new Request(url, init)
      toSlack.push({ url: request.url, body: await request.text() })
      return server.slackAnswers()
    },
    newNonce: () => randomUUID(),
    metrics,
    log: { write: (level, event, fields = {}) => void lines.push({ level, event, fields: { ...fields } }) },
  }
  const connected = await connectLine(options)
  if (!connected.ok) throw new Error(connected.failure.lines.join(' '))
  const put = async (Key: string, value: string): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: 'dev-bucket', Key, Body: Buffer.from(value) }))
  }
  const keep = async (events: readonly TicketEvent[] = []): Promise<void> => {
    const known = events.reduce<Case>((before, event) => addEvent(before, event, 'n'), newCase(TICKET, 'n'))
    await put(caseObject(TICKET_ID), JSON.stringify(known))
    await put(placeKey(CARD, TICKET_ID) ?? '', '')
  }
  await keep()
  return Object.assign(server, {
    account,
    lines,
    handle: connected.value.handle,
    options,
    keep,
    metrics: () => metrics.render(),
    async queued() {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'dev-EVQ' }))
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
      return Messages.map(({ Body = '' }) => {
        const opened = openEvent(Body)
        if (!opened.ok) throw new Error(opened.failure)
        return opened.value
      })
    },
  })
}

const TICKET: Ticket = {
  id: TICKET_ID,
  source: SOURCE,
  createdAt: '2026-11-23T13:03:22.000Z',
  title: 'Login page is blank',
  priority: 'medium',
  description: 'It stays white.',
  links: [],
  teamId: 'team-1',
  reporter: { name: 'Ola Nordmann' },
}

/** An action on the card; every test changes one thing of it. */
export function action(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: '65a7d90edf6648c60e5add42',
    type: 'updateCard',
    date: '2026-11-23T14:03:20.000Z',
    data: { card: { id: CARD, closed: true }, old: { closed: false }, list: { name: 'Doing' } },
    idMemberCreator: '5f00000000000000000000a1',
    memberCreator: { id: '5f00000000000000000000a1', fullName: 'Ada Example' },
    appCreator: null,
    ...change,
  }
}

/** A callback, signed as Trello signs. */
export function callTrello(
  body: object | string,
  { secret = CALLBACK_SECRETS.TRELLO_API_SECRET, url = `${PUBLIC_URL}/trello`, headers = {} } = {},
): IncomingRequest {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const signature = createHmac('sha1', secret).update(bytes).update(url).digest('base64')
  return { method: 'POST', path: '/trello', body: bytes, headers: { 'x-trello-webhook': signature, ...headers } }
}

/** A press of a button, as Slack posts it; every test changes one thing of it. */
export function press(
  change: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): string {
  const payload = {
    type: 'block_actions',
    team: { id: 'T1', domain: 'example' },
    user: { id: 'U1', username: 'ada', name: 'ada' },
    token: 'legacy-fixed-value',
    container: { type: 'message', message_ts: '1795442602.000100', channel_id: 'C1' },
    trigger_id: '1.2.trigger',
    response_url: 'https://hooks.slack.com/actions/T1/1/responsepath',
    actions: [{ type: 'button', action_id: 'take', value: TICKET_ID, action_ts: '1795442600.250000', ...change }],
    ...more,
  }
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
}

/** A request, signed as Slack signs, at {@link NOW}. */
export function callSlack(
  body: string,
  { secret = CALLBACK_SECRETS.SLACK_SIGNING_SECRET, at = NOW } = {},
): IncomingRequest {
  const timestamp = String(Math.floor(at / 1000))
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  const headers = { 'x-slack-signature': `v0=${signature}`, 'x-slack-request-timestamp': timestamp }
  return { method: 'POST', path: '/slack', body: Buffer.from(body), headers }
}

/** What a caller learns. */
export function shown({ status, body, headers }: Reply): string {
  return `${status} ${body.trim()}${headers['www-authenticate'] ?? ''}`.trim()
}
