import { Buffer } from 'node:buffer'
import {
  type AppSecret,
  type CardReply,
  type Case,
  type Enqueued,
  type LedgerRecord,
  type LogLevel,
  type SecretRead,
  type Stored,
  type Ticket,
  type TicketEvent,
  type TokenBinding,
  prepareKeyRing,
  readCard,
  signBody,
} from 'ticket-core'
import { createMetrics } from 'ticket-adapters/metrics'
import type { Handle, IncomingRequest, Reply } from '../src/http-values.ts'
import { createReceiver } from '../src/receive-activity.ts'
import { createVirtualClock } from '@ticketing/local-aws'

export const NOW: number = Date.parse('2026-11-23T14:03:22.000Z')
export const TOKEN = 'vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA='
export const OTHER_TOKEN = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
export const GOOD_TEXT = 'Title: Login page is blank\nPriority: high\nDescription: White since 9:40.'

/** A Teams message; every test changes one thing of it. */
export function activity(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'message',
    id: '1763906602000',
    timestamp: '2026-11-23T14:03:22.000Z',
    from: { id: '29:1', name: 'Ola Nordmann' },
    conversation: { id: '19:team@thread.tacv2;messageid=1763906602000', tenantId: 'tenant-1' },
    channelData: { team: { id: 'team-1' } },
    text: `<at>tickets</at> ${GOOD_TEXT}`,
    attachments: [],
    ...change,
  }
}

/** The same message with another text, mention included. */
export function says(text: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return activity({ text: `<at>tickets</at> ${text}`, ...change })
}

export function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
}

export function sign(body: Uint8Array, token: string = TOKEN): string {
  const ring = prepareKeyRing([token])
  if (!ring.ok) throw new Error('the test token is malformed')
  return signBody({ ring: ring.value, body })
}

/** `POST /`, signed as Teams does. */
export function post(
  value: unknown,
  change: { token?: string; headers?: Record<string, string> } = {},
): IncomingRequest {
  const body = bytesOf(value)
  return { method: 'POST', path: '/', body, headers: { authorization: sign(body, change.token), ...change.headers } }
}

export function cardOf(reply: Reply): string {
  const card: CardReply = JSON.parse(reply.body)
  return readCard(card)
}

export interface LogLine {
  readonly level: LogLevel
  readonly event: string
  readonly fields: Record<string, unknown>
}

/** Line 1 with a fake for every port, which the test controls. */
export function createIntake(options: { maxAgeMs?: number; tokens?: readonly string[] } = {}) {
  const clock = createVirtualClock(NOW)
  const metrics = createMetrics()
  const lines: LogLine[] = []
  const sent: { readonly ticket: Ticket; readonly traceparent: string | undefined }[] = []
  const events: TicketEvent[] = []
  const intake = {
    clock,
    metrics,
    lines,
    sent,
    calls: { current: 0, refresh: 0 },
    /** What the secret's cache holds, and what Secrets Manager holds. */
    cached: secretWith(options.tokens ?? [TOKEN]),
    stored: secretWith(options.tokens ?? [TOKEN]),
    readSecret: undefined as (() => Promise<SecretRead>) | undefined,
    answer: (async () => ({ kind: 'accepted' })) as (ticket: Ticket) => Promise<Enqueued>,
    /** The bindings that the bucket holds, by digest; `bucketIsDown` makes them unreadable. */
    bindings: new Map<string, TokenBinding>(),
    bucketIsDown: false,
    bucketHangs: false,
    ledger: (async () => ({ kind: 'absent' })) as (key: string) => Promise<Stored<LedgerRecord>>,
    cases: (async () => ({ kind: 'absent' })) as (key: string) => Promise<Stored<Case>>,
    events,
    answerEvent: (async () => ({ kind: 'accepted' })) as (event: TicketEvent) => Promise<Enqueued>,
    log: {
      write: (level: LogLevel, event: string, fields: object = {}) =>
        void lines.push({ level, event, fields: { ...fields } }),
    },
  }
  const receive: Handle = createReceiver({
    clock,
    metrics,
    log: intake.log,
    maxAgeMs: options.maxAgeMs ?? 300_000,
    secret: {
      current: async () => {
        intake.calls.current += 1
        return intake.readSecret ? intake.readSecret() : intake.cached
      },
      refresh: async () => {
        intake.calls.refresh += 1
        intake.cached = intake.stored
        return intake.stored
      },
    },
    queue: {
      enqueue: async (ticket, context) => {
        sent.push({ ticket, traceparent: context?.traceparent })
        return intake.answer(ticket)
      },
    },
    ledger: { read: (key) => intake.ledger(key) },
    cases: { read: (key) => intake.cases(key) },
    events: {
      enqueue: async (event) => {
        events.push(event)
        return intake.answerEvent(event)
      },
    },
    index: { list: async () => ({ kind: 'page', keys: [], isLast: true }) },
    people: { find: async () => ({ kind: 'people', people: [] }) },
    tokenTeams: {
      read: async (digest): Promise<Stored<TokenBinding>> => {
        if (intake.bucketHangs) return promised<never>().promise
        if (intake.bucketIsDown) return { kind: 'unavailable', reason: 'S3 could not be reached.' }
        const item = intake.bindings.get(digest)
        return item ? { kind: 'found', item, version: '"1"' } : { kind: 'absent' }
      },
      write: async (digest, item) => {
        if (intake.bucketIsDown) return { kind: 'unavailable', reason: 'S3 could not be reached.' }
        if (intake.bindings.has(digest)) return { kind: 'conflict' }
        intake.bindings.set(digest, item)
        return { kind: 'written', version: '"1"' }
      },
    },
  })
  /** The only thing that was handed to the queue; anything else is an error. */
  const onlySent = (): (typeof sent)[number] => {
    const [first] = sent
    if (!first || sent.length > 1) throw new Error(`${sent.length} tickets were sent, not one`)
    return first
  }
  return Object.assign(intake, { receive, onlySent })
}

export function secretWith(tokens: readonly string[], prefix = 'dev'): SecretRead {
  const value: AppSecret = {
    prefix,
    trello: { key: 'trello-key', token: 'trello-token', boardId: 'board', listName: 'Inbox' },
    slackUrl: 'http://127.0.0.1:4568/services/T/B/x',
    teamsTokens: tokens,
  }
  return { ok: true, value }
}

/** A promise that the test settles itself. */
export function promised<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  return Promise.withResolvers<Value>()
}
