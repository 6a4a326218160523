import { createHmac } from 'node:crypto'
import { createReceiver, type Handle } from '@ticketing/server'
import { systemClock } from 'ticket-adapters/clock'
import type { AppSecret, Log, Metrics, SecretRead } from 'ticket-core'

const TOKEN = 'vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA='

const SECRET: AppSecret = {
  prefix: 'bench',
  trello: { key: 'key', token: 'token', boardId: 'board', listName: 'Inbox' },
  slackUrl: 'http://127.0.0.1/',
  teamsTokens: [TOKEN],
}

async function read(): Promise<SecretRead> {
  return { ok: true, value: SECRET }
}

/** Line 1 with everything but SQS. One message again and again: its card is built each time. */
export function composeNullLine({
  log = { write: () => {} },
  metrics = { count: () => {}, observe: () => {} },
}: { readonly log?: Log; readonly metrics?: Metrics } = {}): Handle {
  return createReceiver({
    secret: { current: read, refresh: read },
    queue: { enqueue: async () => ({ kind: 'accepted' }) },
    ledger: { read: async () => ({ kind: 'absent' }) },
    cases: { read: async () => ({ kind: 'absent' }) },
    events: { enqueue: async () => ({ kind: 'accepted' }) },
    index: { list: async () => ({ kind: 'page', keys: [], isLast: true }) },
    people: { find: async () => ({ kind: 'people', people: [] }) },
    tokenTeams: { read: async () => ({ kind: 'absent' }), write: async () => ({ kind: 'written', version: '"1"' }) },
    clock: systemClock,
    log,
    metrics,
    maxAgeMs: 3_600_000,
  })
}

/** A signed message of the usual size, 1.6 KB, with its html copy. */
export function signedTicket(): { readonly body: string; readonly authorization: string } {
  const now = systemClock.now()
  const description = 'Since 9:40 the login page stays white in Firefox; Chrome shows it after a reload. '.repeat(4)
  const lines = ['Title: Login page is blank', 'Priority: high', `Description: ${description}`]
  const body = JSON.stringify({
    type: 'message',
    id: String(now),
    timestamp: new Date(now).toISOString(),
    channelId: 'msteams',
    from: { id: '29:1', name: 'Nordmann, Ola', aadObjectId: '00000000-0000-4000-8000-000000000000' },
    conversation: { isGroup: true, id: `19:bench@thread.tacv2;messageid=${now}`, conversationType: 'channel' },
    recipient: null,
    textFormat: 'plain',
    text: `<at>tickets</at> ${lines.join('\r\n')}`,
    attachments: [
      {
        contentType: 'text/html',
        content: `<div><at>tickets</at></div>${lines.map((line) => `<div>${line}</div>`).join('')}`,
      },
    ],
    entities: [{ type: 'clientInfo', locale: 'nb-NO', country: 'NO', platform: 'Windows' }],
    channelData: {
      channel: { id: '19:bench@thread.tacv2' },
      team: { id: '19:team@thread.tacv2' },
      tenant: { id: 'tenant' },
    },
  })
  const key = Buffer.from(TOKEN, 'base64')
  return { body, authorization: `HMAC ${createHmac('sha256', key).update(body).digest('base64')}` }
}
