import { GetQueueAttributesCommand, SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { milliseconds, NeverQuiet } from '@ticketing/local-aws'
import {
  changeSecret,
  startTestbed,
  type TeamsActivity,
  type TeamsReply,
  type VirtualTestbed,
  type VirtualTestbedOptions,
} from '@ticketing/testbed'
import { destinationFor, nameResources, type NewsLevel, type Priority } from 'ticket-core'
import type { Evidence, SentTicket, Said } from '../promise/evidence.ts'
import { listKeys } from '../support/bed.ts'
import type { Plan, Send } from './plan.ts'
import type { Act } from './acts.ts'
import { doAct, FOREIGN_TOKEN } from '../life/do-act.ts'
import { setUpNews } from '../life/gather-life.ts'
import { idOf } from './id-of.ts'
import { forgetPerson, redriveAll } from './operate.ts'
import { tryTokens } from './try-tokens.ts'

/** One message of a person, and every answer that the bot gave to it. */
export interface Posted {
  readonly sent: SentTicket
  readonly activity: TeamsActivity
  readonly replies: readonly TeamsReply[]
  /** What people did with it afterwards; absent where nothing catches it at it. */
  readonly said?: Said[]
}

/** What a run has come to. The testbed is still up: what it holds can be looked at. */
export interface Played {
  readonly bed: VirtualTestbed
  readonly posted: readonly Posted[]
  /** Bodies of the strays that were queued. */
  readonly strays: readonly string[]
  /** Nothing was left to do, within three days. */
  readonly isQuiet: boolean
  /** The servers read what callbacks did not say from the board. */
  readonly isSwept: boolean
  readonly news: NewsLevel | undefined
  /** The first of the people was to be forgotten, everywhere. */
  readonly isForgotten: boolean
  readonly giveUpAfterMs: number
  /** By how much the wall clock was put forward in all. */
  readonly putForwardMs: number
  readonly setBackMs: number
  readonly tokens: NonNullable<Evidence['tokens']>
}

/** What a run is played on; defects are planted here. */
export interface Planted extends Pick<VirtualTestbedOptions, 'functions' | 'connectLine' | 'wrapProcess'> {
  /** What an operator does to send dead tickets on their way again. @default redriveAll */
  readonly redrive?: (bed: VirtualTestbed) => Promise<unknown>
  /** What an operator does to have a person forgotten. @default forgetPerson */
  readonly forget?: (bed: VirtualTestbed) => Promise<unknown>
}

const QUIET_WITHIN = '3d'
const SWEPT_WITHIN = '15m'
/** Plays a plan, then lets everything work until nothing is left to do. */
export async function play(plan: Plan, planted: Planted = {}): Promise<Played> {
  const { redrive = redriveAll, forget = forgetPerson, ...rest } = planted
  const bed = await startTestbed({
    clock: 'virtual',
    seed: plan.seed,
    replicas: 2,
    functionSettings: { TICKETING_GIVE_UP_AFTER: plan.giveUpAfter },
    ...(plan.acts && { callbacks: { trello: '/trello', slack: '/slack' } }),
    ...(isSwept(plan) && { sweep: {} }),
    ...rest,
  })
  const firstToken = bed.teams.token
  if (plan.acts) await changeSecret(bed, { TEAMS_HMAC_SECRET: `${firstToken},${FOREIGN_TOKEN}` })
  if (plan.news) await changeSecret(bed, { TEAMS_NOTIFY_URL: setUpNews(bed.workflows, plan.news) })
  const posted: (Posted & { readonly replies: TeamsReply[] })[] = []
  const strays: string[] = []
  const post = async (entry: (typeof posted)[number], replica: 0 | 1): Promise<void> => {
    const to = bed.replicas[replica]?.url ?? ''
    entry.replies.push(await bed.teams.post(entry.activity, { to }))
  }
  const send = async ({ priority, replica, again, length = 0 }: Send, index: number): Promise<void> => {
    const serial = String(index).padStart(4, '0')
    const title = `Ticket ${serial}`
    const description = [`It broke for the ${serial}th time.`, ...manyWords(serial, length)].join(' ')
    const activity = bed.teams.compose([`Title: ${title}`, `Priority: ${priority}`, `Description: ${description}`])
    const sent = { serial, destination: destinationFor(priority), texts: [title, description] }
    const entry = { sent, activity, replies: [], ...(plan.acts && { said: [] }) }
    posted.push(entry)
    if (again) bed.clock.after(again.after * 1000, () => void pending.add(post(entry, again.replica)))
    await post(entry, replica)
  }
  const pending = new Set<Promise<void>>()
  const { teams, trello, slack } = bed
  const serverUrls = bed.replicas.map(({ url }) => url)
  const hasPlaceOf = async (card: string): Promise<boolean> =>
    (await listKeys(bed, `places/trello/${card}/`)).length > 0
  const world = { teams, trello, slack, serverUrls, hasPlaceOf }
  const act = async ({ ticket, person, does }: Act, index: number): Promise<void> => {
    const { activity, said } = posted[ticket % Math.max(1, posted.length)] ?? {}
    const actedAt = elapsed(bed)
    const done = activity && said ? await doAct(world, { does, person, id: idOf(activity), index }) : []
    const when = isOrdered(plan) ? { actedAt } : {}
    for (const one of done) said?.push({ ...one, ...when })
  }

  if (plan.maxReceives !== undefined) await limitReceives(bed, plan.maxReceives)
  for (const event of plan.scheduledEvents) bed.faults.add(event)
  for (const { at, tasks } of timetable(plan, { bed, send, act, strays, redrive, forget })) {
    await bed.clock.advance(Math.max(0, at * 1000 - elapsed(bed)))
    await revive(bed)
    await Promise.all(tasks.map((task) => task()))
  }
  await bed.clock.advance(Math.max(0, endOf(plan) * 1000 - elapsed(bed)))
  bed.faults.clear()
  await revive(bed)
  // What a callback did not say, the sweep of the board finds.
  if (isSwept(plan)) await bed.clock.advance(SWEPT_WITHIN)
  const tokens = await tryTokens(bed, firstToken)
  const isQuiet = await comeToRest(bed)
  await Promise.all(pending)
  if (plan.forgets?.length) await forget(bed)
  const giveUpAfterMs = milliseconds(plan.giveUpAfter)
  const putForwardMs = jumpsOf(plan).reduce((sum, by) => sum + Math.max(0, by), 0)
  const setBackMs = jumpsOf(plan).reduce((sum, by) => sum + Math.max(0, -by), 0)
  return {
    bed,
    posted,
    strays,
    giveUpAfterMs,
    putForwardMs,
    setBackMs,
    tokens,
    isSwept: isSwept(plan),
    news: plan.news,
    isForgotten: (plan.forgets?.length ?? 0) > 0,
    isQuiet: isQuiet && (await comeToRest(bed)),
  }
}

/** A sweep a minute for days, until everything is given up, would take most of a run's time. */
function isSwept({ acts, giveUpAfter }: Plan): boolean {
  return acts !== undefined && giveUpAfter === '20m'
}

function jumpsOf({ scheduledEvents }: Plan): readonly number[] {
  return scheduledEvents.flatMap((each) => (each.at === 'clock' ? [milliseconds(each.by)] : []))
}

/** A clock that is set back and put forward again leaves nothing to go by, for what waits in between. */
function isOrdered(plan: Plan): boolean {
  return new Set(jumpsOf(plan).map(Math.sign)).size < 2
}

/** When the last of everything that was planned is over: from then on all works, in seconds. */
function endOf({ storms, scheduledEvents, acts = [] }: Plan): number {
  return Math.max(
    ...acts.map(({ at }) => at),
    ...storms.map(({ from, seconds }) => from + seconds),
    ...scheduledEvents.map(
      (each) => each.in / 1000 + (each.at === 'secret' ? Number(each.writtenAfter ?? 0) / 1000 : 0),
    ),
  )
}

/** Milliseconds since the beginning that timers have seen: clocks that jump do not count. */
function elapsed(bed: VirtualTestbed): number {
  return bed.clock.elapsed
}

/** Each once, so that none can be lost unseen. */
function manyWords(serial: string, length: number): readonly string[] {
  return Array.from({ length: Math.ceil(length / 10) }, (_, index) => `${serial}x${String(index).padStart(4, '0')}`)
}

async function comeToRest(bed: VirtualTestbed): Promise<boolean> {
  await revive(bed)
  try {
    await bed.clock.runUntilQuiet(QUIET_WITHIN)
    return true
  } catch (error) {
    if (error instanceof NeverQuiet) return false
    throw error
  }
}

/** Servers that were killed start again; one that cannot (no secret) is tried again the next time. */
async function revive(bed: VirtualTestbed): Promise<void> {
  for (const replica of bed.replicas)
    await replica.start().catch((error: unknown) => {
      bed.journal.note({ source: 'note', kind: `a server did not start: ${String(error)}` })
    })
}

interface Stage {
  readonly bed: VirtualTestbed
  readonly send: (send: Send, index: number) => Promise<void>
  readonly act: (act: Act, index: number) => Promise<void>
  readonly strays: string[]
  readonly redrive: (bed: VirtualTestbed) => Promise<unknown>
  readonly forget: (bed: VirtualTestbed) => Promise<unknown>
}

interface Moment {
  readonly at: number
  readonly tasks: readonly (() => unknown)[]
}

/** Everything planned, by the second. */
function timetable(plan: Plan, { bed, send, act, strays, redrive, forget }: Stage): readonly Moment[] {
  const moments = new Map<number, (() => unknown)[]>()
  const add = (at: number, task: () => unknown): void => {
    const tasks = moments.get(at) ?? []
    tasks.push(task)
    moments.set(at, tasks)
  }
  for (const { from, seconds, fault } of plan.storms)
    add(from, () => {
      const active = bed.faults.add(fault)
      bed.clock.after(seconds * 1000, () => active.remove())
    })
  for (const [index, one] of plan.sends.entries()) add(one.at, () => send(one, index))
  for (const [index, one] of (plan.acts ?? []).entries()) add(one.at, () => act(one, index))
  for (const { at, priority, body } of plan.strays)
    add(at, async () => {
      strays.push(body)
      await bed.clients.sqs.send(new SendMessageCommand({ QueueUrl: queueOf(bed, priority), MessageBody: body }))
    })
  for (const at of plan.forgets ?? []) add(at, () => forget(bed))
  for (const at of plan.redrives) add(at, () => redrive(bed))
  return [...moments].map(([at, tasks]) => ({ at, tasks })).toSorted((one, other) => one.at - other.at)
}

async function limitReceives(bed: VirtualTestbed, maxReceiveCount: number): Promise<void> {
  const { sqs } = bed.clients
  for (const priority of ['low', 'medium', 'high'] as const) {
    const QueueUrl = queueOf(bed, priority)
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] })
    const policy: unknown = JSON.parse((await sqs.send(asked)).Attributes?.['RedrivePolicy'] ?? '{}')
    const RedrivePolicy = JSON.stringify(Object.assign({}, policy, { maxReceiveCount }))
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }))
  }
}

function queueOf({ queueUrls, prefix }: VirtualTestbed, priority: Priority): string {
  return queueUrls[nameResources(prefix).lanes[priority].queue] ?? ''
}
