import { findTicketId, replyText, startTestbed, type JournalEntry, type VirtualTestbed } from '@ticketing/testbed'
import { countInWindow, sumUp, type Point } from './curve.ts'

/**
 * What a vendor takes in any span of so many milliseconds. Trello: 100 requests in 10 s for each token
 * (https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits). Slack: one message a second for each
 * channel, and short bursts without a figure (https://docs.slack.dev/apis/web-api/rate-limits): 2 at once is short.
 */
const LIMITS = {
  trello: [{ windowMs: 10_000, most: 100 }],
  slack: [
    { windowMs: 10_000, most: 10 },
    { windowMs: 1_000, most: 2 },
  ],
} as const

type Vendor = keyof typeof LIMITS
export type Priority = 'low' | 'medium' | 'high'

export interface OutageOptions {
  readonly vendor: Vendor
  /** Milliseconds; longer than the sending takes. */
  readonly lastsMs: number
  /** The priority of each ticket, in the order in which they are sent: one each second from the outage's start on. */
  readonly priorities: readonly Priority[]
  readonly seed: number
}

/** A limit of the vendor, and at each instant the calls in the span that ends with it: refused ones and failed ones too. */
interface Window {
  readonly windowMs: number
  readonly most: number
  readonly calls: readonly Point[]
}

export interface OutageFigures {
  readonly accepted: number
  /** Tickets that arrived at their own destination exactly once. */
  readonly once: number
  /** Tickets that arrived nowhere, and tickets that arrived more than once. */
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  /** Tickets that the ledger does not show as delivered, or that are in the archive of dead letters. */
  readonly dead: readonly string[]
  /** 429s, which the vendor only gives where a limit was broken. */
  readonly refused: number
  readonly windows: readonly Window[]
  /** How often the one message was received that was received most often. */
  readonly receives: number
  /** Calls of the vendor while it was down. */
  readonly callsMeanwhile: number
  /** Milliseconds from the start: when the vendor was back, and when the last ticket arrived. */
  readonly backAt: number
  readonly lastAt: number
  /** Accepted and not arrived, at each instant when that changed. */
  readonly backlog: readonly Point[]
}

interface Sent {
  readonly id: string
  readonly priority: Priority
  readonly at: number
}

interface Run {
  readonly vendor: Vendor
  readonly tickets: readonly Sent[]
  readonly began: number
  readonly backAt: number
}

/** One vendor is down for a while, and tickets come. Then it is back, until all is quiet. */
export async function runOutage(options: OutageOptions): Promise<OutageFigures> {
  await using bed = await startTestbed({ clock: 'virtual', seed: options.seed })
  const began = bed.clock.now()
  const outage = bed.faults.add({ at: `${options.vendor}.*`, kind: '5xx' })
  const tickets = await sendAll(bed, options.priorities)
  const backAt = began + options.lastsMs
  await bed.clock.advance(backAt - bed.clock.now())
  outage.remove()
  await bed.clock.runUntilQuiet()
  return measure(bed, { vendor: options.vendor, tickets, began, backAt })
}

async function sendAll(bed: VirtualTestbed, priorities: readonly Priority[]): Promise<Sent[]> {
  const sent: Sent[] = []
  for (const [index, priority] of priorities.entries()) {
    const reply = await bed.teams.send({ title: `Ticket ${index + 1}`, priority, description: 'It waits.' })
    const id = findTicketId(replyText(reply))
    if (id === undefined) throw new Error(`ticket ${index + 1} was not accepted:\n${replyText(reply)}`)
    sent.push({ id, priority, at: bed.clock.now() })
    await bed.clock.advance('1s')
  }
  return sent
}

async function measure(bed: VirtualTestbed, run: Run): Promise<OutageFigures> {
  const { vendor, tickets, began, backAt } = run
  const calls = bed.journal.all((entry) => entry.source === vendor && entry.kind === 'call')
  const instants = calls.map(({ time }) => time - began)
  const arrivals = arrivalsIn(bed.journal.entries)
  const ended = tickets.map(({ id, priority }) => ({ id, place: DESTINATIONS[priority], to: arrivals.get(id) ?? [] }))
  const firsts = ended.flatMap(({ to }) => to.slice(0, 1).map(({ at }) => at - began))
  return {
    accepted: tickets.length,
    once: ended.filter(({ to, place }) => to.length === 1 && to[0]?.place === place).length,
    lost: ended.filter(({ to, place }) => !to.some((arrival) => arrival.place === place)).map(({ id }) => id),
    doubled: ended.filter(({ to }) => to.length > 1).map(({ id }) => id),
    dead: await deadOf(bed, tickets),
    refused: calls.filter((entry) => 'outcome' in entry && entry.outcome === 429).length,
    windows: LIMITS[vendor].map(({ windowMs, most }) => ({
      windowMs,
      most,
      calls: countInWindow(instants, windowMs),
    })),
    receives: mostReceives(bed.journal.entries),
    callsMeanwhile: instants.filter((at) => at < backAt - began).length,
    backAt: backAt - began,
    lastAt: Math.max(0, ...firsts),
    backlog: sumUp([...tickets.map(({ at }) => ({ at: at - began, by: 1 })), ...firsts.map((at) => ({ at, by: -1 }))]),
  }
}

const DESTINATIONS = { low: 'bucket', medium: 'board', high: 'alert' } as const

/** Where a ticket arrived, if this entry says that one did. */
function placeOf(entry: JournalEntry): 'bucket' | 'board' | 'alert' | undefined {
  if (entry.source === 'trello' && entry.kind === 'card-created') return 'board'
  if (entry.source === 'slack' && entry.kind === 'message-posted' && entry.channel === 'tickets') return 'alert'
  const isObject = entry.source === 's3' && entry.kind === 'object-put'
  return isObject && String(entry.detail['key']).startsWith('tickets/') ? 'bucket' : undefined
}

/** When each ticket arrived, wherever it did. */
function arrivalsIn(entries: readonly JournalEntry[]): Map<string, { at: number; place: string }[]> {
  const arrivals = new Map<string, { at: number; place: string }[]>()
  for (const entry of entries) {
    const place = placeOf(entry)
    if (place === undefined || entry.ticket === undefined) continue
    arrivals.set(entry.ticket, [...(arrivals.get(entry.ticket) ?? []), { at: entry.time, place }])
  }
  return arrivals
}

/** What the ledger does not call delivered, and what lies in the archive of dead letters. */
async function deadOf(bed: VirtualTestbed, tickets: readonly Sent[]): Promise<string[]> {
  const looked = tickets.map(async ({ id }) => {
    const [record, letter] = await Promise.all([bed.ledger.read(id), bed.archive.read(id)])
    const isDelivered = record.kind === 'found' && record.item.state === 'delivered'
    return isDelivered && letter.kind !== 'found' ? [] : [id]
  })
  return (await bed.clock.runUntilSettled(Promise.all(looked))).flat()
}

function mostReceives(entries: readonly JournalEntry[]): number {
  let most = 0
  for (const entry of entries)
    if (entry.source === 'sqs' && entry.kind === 'message-received')
      most = Math.max(most, Number(entry.detail['receiveCount']))
  return most
}
