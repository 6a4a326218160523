/**
 * `pnpm bench doubling`: what happens to the cost of each reader and writer of strangers' text when the text gets twice
 * as long. Linear work doubles, quadratic work grows fourfold. CPU time, not the wall's, so that a busy machine does not
 * decide. Exit code 1 when a factor is above 3.
 */
import process from 'node:process'
import { createRedaction, createLog } from 'ticket-adapters/log'
import { createSlackSink } from 'ticket-adapters/slack'
import { createTrelloSink } from 'ticket-adapters/trello'
import { systemClock } from 'ticket-adapters/clock'
import {
  identify,
  openEnvelope,
  parseDraft,
  readActivity,
  readAppSecret,
  readCommand,
  readMessage,
  replyAccepted,
  replyProblems,
  writeEnvelope,
  type AppSecret,
  type Ticket,
  type TicketSink,
} from 'ticket-core'
import { fill, HOSTILE } from './hostile-scraps.ts'

/** Three doublings apart. */
const SMALL = 25_000
const LARGE = 200_000
const LIMIT = 3
/** Milliseconds of CPU; shorter measurements are noise. */
const ENOUGH = 40

const SCRAPS: Readonly<Record<string, string>> = {
  ...HOSTILE,
  'letters only': 'x',
  'spaces only': ' ',
  brackets: '](http://b)[',
  stars: '**_`',
  backslashes: '\\',
  'half secrets': 'HMAC  https://hooks.slack.com &sig=',
  'halves of characters': '\ud83d',
}

const SECRET: AppSecret = {
  prefix: 'bench',
  trello: { key: 'trello-key', token: 'trello-token', boardId: 'board', listName: 'To Do' },
  slackUrl: 'https://hooks.slack.com/services/T0/B0/x',
  teamsTokens: ['dG9rZW4='],
}
const world = {
  clock: systemClock,
  secrets: {
    current: async () => ({ ok: true, value: SECRET }) as const,
    refresh: async () => ({ ok: true, value: SECRET }) as const,
  },
  pace: { turn: async () => true },
}
const id = '5f0000000000000000000001'
const slack = createSlackSink({ ...world, fetch: async () => new Response('ok') })
const trello = createTrelloSink({
  ...world,
  fetch: async (_url, { method }) =>
    Response.json(
      method === 'GET'
        ? [{ id, name: 'To Do', closed: false }]
        : { id, shortUrl: 'https://trello.com/c/x', name: 'x', desc: '' },
    ),
})
const redaction = createRedaction()
redaction.hideAppSecret(SECRET)
const log = createLog({ write: () => {}, clock: systemClock, redaction })

function ticketOf(text: string): Ticket {
  const identity = identify({ tenantId: 't', conversationId: 'c', activityId: '1' })
  const fields = { title: text.slice(0, 500), description: text, steps: text, links: [] }
  return { ...identity, ...fields, priority: 'high', createdAt: '2026-11-24T09:59:58.000Z' }
}

async function deliver(sink: TicketSink, text: string): Promise<void> {
  const now = systemClock.now()
  const outcome = await sink.deliver({
    ticket: ticketOf(text),
    suspect: false,
    firstClaimAt: now,
    deadline: now + 60_000,
    keptAt: 'cases/T-00000-00000.json',
  })
  if (outcome.kind !== 'delivered') throw new Error(`${outcome.kind}: ${outcome.reason}`)
}

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'message, html': (html) => {
    const read = readMessage({ id: '1', at: 0, text: '', html, imageAttachments: 0, conversationId: 'c' })
    const draft = parseDraft(read.text)
    return draft.ok ? draft : replyProblems(draft.failure)
  },
  'message, text': (text) =>
    parseDraft(readMessage({ id: '1', at: 0, text, imageAttachments: 0, conversationId: 'c' }).text),
  command: (text) =>
    ['close ', 'edit T-7QK2M-9XD4R ', 'T-7QK2M-9XD4R '].map((start) =>
      readCommand({ id: '1', at: 0, text: start + text, imageAttachments: 0, conversationId: 'c' }),
    ),
  activity: (text) => readActivity({ body: bytes({ type: 'message', text, from: {}, id: text }), now: 0, maxAgeMs: 1 }),
  envelope: (text) => {
    const body = writeEnvelope({ ticket: ticketOf(text.slice(0, 20_000)), life: 0 })
    return openEnvelope({ body: body.ok ? body.value : text, messageId: 'm', attributes: {} })
  },
  'older body': (text) =>
    openEnvelope({
      body: JSON.stringify({ Title: text, Description: text, Priority: 'low' }),
      messageId: 'm',
      attributes: {},
    }),
  secret: (text) => readAppSecret(JSON.stringify({ PREFIX: text, SLACK_URL: text, TEAMS_HMAC_SECRET: text })),
  card: (text) => replyAccepted({ ticket: ticketOf(text) }),
  'log line': (text) => log.write('info', 'event', { text }),
  'Slack message': (text) => deliver(slack, text),
  'Trello card': (text) => deliver(trello, text),
}

/** Milliseconds of CPU for one run: the least of three measurements. */
async function cost(run: () => unknown): Promise<number> {
  let least = Infinity
  for (let measurement = 0; measurement < 3; measurement += 1) {
    const start = process.cpuUsage()
    let runs = 0
    let spent = 0
    while (spent < ENOUGH) {
      await run()
      runs += 1
      spent = process.cpuUsage(start).user / 1000
    }
    least = Math.min(least, spent / runs)
  }
  return least
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

print('CPU milliseconds at 200 KB, and the factor per doubling from 25 KB on, of the text that is worst for each\n')
print(`${'reader or writer'.padEnd(18)}${'worst text'.padEnd(24)}${'ms'.padStart(8)}${'factor'.padStart(9)}`)
let isLinear = true
for (const [name, read] of Object.entries(READERS)) {
  let worst = { scrap: '', ms: 0, factor: 0 }
  for (const [scrap, unit] of Object.entries(SCRAPS)) {
    const small = fill(unit, SMALL)
    const large = fill(unit, LARGE)
    const ms = await cost(() => read(large))
    const factor = Math.cbrt(ms / (await cost(() => read(small))))
    // What takes next to nothing measures the clock.
    if (ms > 0.3 && factor > worst.factor) worst = { scrap, ms, factor }
  }
  if (worst.factor > LIMIT) isLinear = false
  const cells = worst.scrap === '' ? ['under 0.3', '-'] : [worst.ms.toFixed(2), worst.factor.toFixed(2)]
  print(`${name.padEnd(18)}${worst.scrap.padEnd(24)}${(cells[0] ?? '').padStart(8)}${(cells[1] ?? '').padStart(9)}`)
}
process.exitCode = isLinear ? 0 : 1
