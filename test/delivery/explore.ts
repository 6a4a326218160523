import { AwsError } from '@ticketing/local-aws'
import type { Ticket } from 'ticket-core'
import type { Fate } from './container.ts'
import type { Faulty, Line, QueueName } from './line.ts'
import { startLine } from './line.ts'
import { buildTicket, envelopeOf } from './messages.ts'
import type { Plan, Step, Trouble } from './plan.ts'
import { VENDOR_TROUBLES } from './plan.ts'

/** Longer than anything hides a message here. */
const QUIET = '1h'
/** Rounds after which work that goes on would go on for ever. */
const MOST_ROUNDS = 30

/** What is to be known of a ticket when nothing is left to do. */
export interface Ending {
  readonly ticket: Ticket
  readonly state: string
  readonly life: number
  /** What the vendor has: objects, cards or messages, in order; whether each says that it may be a repeat. */
  readonly copies: readonly { readonly isMarked: boolean }[]
  readonly letter: { readonly life: number; readonly isTold: boolean; readonly mayBeDelivered: boolean } | undefined
  /** Notices of its death that raised no doubt although the vendor had it before the step that told them. */
  readonly wrongNotices: number
}

export interface Explored {
  /** Once everything works again and is quiet. */
  readonly endings: readonly Ending[]
  /** Once what was dead then has been redriven; nothing if the plan does not mend. */
  readonly mended: readonly Ending[]
  readonly isQuiet: boolean
  /** Everything that happened, a line each. */
  readonly story: readonly string[]
}

/** Plays a plan, then lets everything work until nothing is left to do. */
export async function explore(plan: Plan): Promise<Explored> {
  const line = await startLine({ giveUpAfter: '15m' })
  try {
    const story: string[] = []
    const tickets = plan.priorities.map((priority, index) => buildTicket(priority, index + 1))
    for (const ticket of tickets) await line.send(ticket.priority, envelopeOf(ticket))
    const watch = watchNotices(line, tickets)
    for (const step of plan.steps) {
      await play(line, { step, tickets, story })
      await watch.look()
    }
    line.faults.clear()
    const queues: readonly QueueName[] = [...new Set(plan.priorities), 'dead']
    const finish = (): Promise<boolean> => runUntilQuiet(line, { queues, story, look: watch.look })
    const readEndings = (): Promise<Ending[]> =>
      Promise.all(tickets.map((ticket) => readEnding(line, ticket, watch.wrong(ticket))))
    let isQuiet = await finish()
    const endings = await readEndings()
    let mended: readonly Ending[] = []
    if (plan.isMended && endings.some(({ state }) => state === 'dead')) {
      for (const [ticket] of tickets.entries()) await play(line, { step: { kind: 'redrive', ticket }, tickets, story })
      isQuiet = isQuiet && (await finish())
      mended = await readEndings()
    }
    return { endings, mended, isQuiet, story: [...story, ...line.logged.map((entry) => entry.trimEnd())] }
  } finally {
    line.close()
  }
}

interface Scene {
  readonly step: Step
  readonly tickets: readonly Ticket[]
  readonly story: string[]
}

async function play(line: Line, { step, tickets, story }: Scene): Promise<void> {
  if (step.kind !== 'run') {
    const ticket = tickets[step.ticket]
    if (!ticket) return
    const done =
      step.kind === 'redrive' ? await line.redrive(ticket.id) : await line.send(ticket.priority, envelopeOf(ticket))
    story.push(`${step.kind} ${ticket.id}: ${JSON.stringify(done)}`)
    return
  }
  await line.clock.advance(step.seconds * 1000)
  const vendor = VENDOR_TROUBLES[step.vendor]
  line.faults.clear()
  if (vendor) for (const at of ['trello.*', 'slack.*'] as const) line.faults.add({ at, ...vendor })
  const restore = line.breakCloud(async ({ service, operation }, { Key }) => {
    if (step.vendor !== 'refuses' || service !== 's3' || operation !== 'PutObject') return undefined
    if (!String(Key).startsWith('tickets/')) return undefined
    throw new AwsError('EntityTooLarge', 'refused by the plan', { status: 400 })
  })
  const ran = await line.run(step.queue, { ...suffer(step.trouble, story), milliseconds: step.milliseconds })
  restore()
  line.faults.clear()
  story.push(`+${step.seconds} s, ${step.queue}, vendor: ${step.vendor}: ${ran.kind}, ${ran.back.length} back`)
}

function suffer(trouble: Trouble | undefined, story: string[]): Faulty {
  const meet = (side: Trouble['side']): ((name: string) => Fate) => {
    let calls = 0
    return (name) => {
      calls += 1
      const isMet = trouble?.side === side && (trouble.lasts ? calls >= trouble.call : calls === trouble.call)
      const fate = isMet ? trouble.fate : 'passes'
      story.push(`  ${name}${isMet ? ` ${fate}` : ''}`)
      return fate
    }
  }
  const meetAws = meet('aws')
  const meetSqs = meet('sqs')
  const meetVendor = meet('vendor')
  return {
    aws: ({ name }) => (trouble?.side === 'sqs' && name.startsWith('sqs ') ? meetSqs(name) : meetAws(name)),
    vendor: (url) => meetVendor(new URL(url).host),
  }
}

async function runUntilQuiet(
  line: Line,
  {
    queues,
    story,
    look,
  }: { readonly queues: readonly QueueName[]; readonly story: string[]; readonly look: () => Promise<void> },
): Promise<boolean> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await line.clock.advance(QUIET)
    let isIdle = true
    for (const queue of queues) {
      const ran = await line.run(queue, suffer(undefined, story))
      if (ran.kind === 'idle') continue
      await look()
      isIdle = false
      story.push(`afterwards, ${queue}: ${ran.kind}, ${ran.back.length} back`)
    }
    if (isIdle) return true
  }
  return false
}

/** Looks after each step which notices it brought, and whether the vendor had the ticket before it. */
function watchNotices(
  line: Line,
  tickets: readonly Ticket[],
): { readonly look: () => Promise<void>; readonly wrong: (ticket: Ticket) => number } {
  const wrong = new Map<string, number>()
  const had = new Set<string>()
  let seen = 0
  return {
    look: async () => {
      const notices = line.slack.messagesIn('admins')
      for (const { shown } of notices.slice(seen)) {
        // A notice is of one ticket, or of several: then its words of doubt name those that they are about.
        const doubt = shown.split('\n').find((line) => line.includes('may have been delivered already')) ?? ''
        for (const { id } of tickets) {
          if (!shown.includes(id) || !had.has(id) || doubt.startsWith('It ') || doubt.includes(id)) continue
          wrong.set(id, (wrong.get(id) ?? 0) + 1)
        }
      }
      seen = notices.length
      for (const ticket of tickets) if ((await copiesOf(line, ticket)).length > 0) had.add(ticket.id)
    },
    wrong: ({ id }) => wrong.get(id) ?? 0,
  }
}

async function copiesOf(line: Line, { id, priority }: Ticket): Promise<Ending['copies']> {
  switch (priority) {
    case 'low':
      return (await line.objects('tickets/')).filter((key) => key.includes(id)).map(() => ({ isMarked: false }))
    case 'medium':
      return line.trello.cards.filter(({ desc }) => desc.includes(id)).map(() => ({ isMarked: false }))
    case 'high':
      return line.slack
        .messagesIn('tickets')
        .filter(({ shown }) => shown.includes(id))
        .map(({ shown }) => ({ isMarked: shown.includes('Possible repeat') }))
  }
}

async function readEnding(line: Line, ticket: Ticket, wrongNotices: number): Promise<Ending> {
  const record = await line.record(ticket.id)
  const letter = await line.letter(ticket.id)
  return {
    ticket,
    state: record?.state ?? 'absent',
    life: record?.life ?? 0,
    copies: await copiesOf(line, ticket),
    letter: letter && {
      life: letter.life,
      isTold: letter.toldAt !== undefined,
      mayBeDelivered: letter.mayBeDelivered,
    },
    wrongNotices,
  }
}
