import type { Testbed } from '@ticketing/testbed'
import { sleep } from 'ticket-adapters/clock'
import { describeStatus, eventWords, stateOf, type Case, type TicketState } from 'ticket-core'
import type { CommandContext } from '../command.ts'
import { isShown, livesOf, type Life, type LifeStep } from './life-steps.ts'
import type { SampleResult } from './send-samples.ts'

const ARRIVES_WITHIN = 60_000
const LOOK_EVERY = 25

/**
 * Lets people work on the delivered samples in Teams, Trello and Slack, and prints it: what they did, what the ticket was
 * then, and where it was shown. Resolves with what did not arrive.
 */
export async function liveSamples(
  bed: Testbed,
  context: CommandContext,
  samples: readonly SampleResult[],
): Promise<readonly string[]> {
  const lives = livesOf(bed)
  const lived = samples.flatMap(({ ticket, priority, asExpected, message }) =>
    ticket !== undefined && priority && asExpected
      ? [{ ticket, message, lines: live(bed, context, { ticket, life: lives[priority](ticket) }) }]
      : [],
  )
  const missing: string[] = []
  for (const { ticket, message, lines } of lived) {
    const { timeline, problem } = await lines
    context.print('')
    context.print(`${ticket}  ${message}`)
    for (const line of timeline) context.print(`  ${line}`)
    if (problem !== undefined) missing.push(`${ticket}: ${problem}`)
  }
  return missing
}

interface Lived {
  readonly timeline: readonly string[]
  /** What did not arrive; the steps after it were not done. */
  readonly problem?: string
}

async function live(
  bed: Testbed,
  context: CommandContext,
  { ticket, life }: { readonly ticket: string; readonly life: Life },
): Promise<Lived> {
  const timeline: string[] = []
  for (const step of life.steps) {
    const time = new Date(context.clock.now()).toTimeString().slice(0, 8)
    const doing = `${time}  ${`${step.where}:`.padEnd(7)} ${step.what}`
    await step.act()
    const state = await arrival(context, () => arrived(bed, ticket, step))
    if (!state) return { timeline: [...timeline, doing], problem: `“${step.what}” did not arrive everywhere` }
    const shown = Object.keys(step.shown ?? {}).join(' and ')
    timeline.push(`${doing} → ${describeStatus(state.status)}${shown === '' ? '' : `, shown in ${shown}`}`)
  }
  const news = await arrival(context, async () => {
    const known = await readCase(bed, ticket)
    return known && isNotifiedAsItsLevelSays(bed, known, life) ? life.news : undefined
  })
  if (!news) return { timeline, problem: 'its team was not notified as the level of its channel says' }
  return news.length === 0 ? { timeline } : { timeline: [...timeline, `The team was notified: ${news.join('; ')}`] }
}

/** The state of the ticket once it has what the step says, and every place shows it. */
async function arrived(
  bed: Testbed,
  ticket: string,
  { state, shown = {} }: LifeStep,
): Promise<TicketState | undefined> {
  const known = await readCase(bed, ticket)
  if (!known) return undefined
  const now = stateOf(known)
  const isSo = Object.entries(state).every(([name, value]) => Reflect.get(now, name) === value)
  const { entries } = bed.journal
  const shows = (place: 'Trello' | 'Slack', words: string | undefined): boolean =>
    words === undefined || isShown(entries, { source: place === 'Trello' ? 'trello' : 'slack', ticket, words })
  return isSo && shows('Trello', shown.Trello) && shows('Slack', shown.Slack) ? now : undefined
}

/** Each event that its team has to hear of, and no other one. */
function isNotifiedAsItsLevelSays({ journal }: Testbed, known: Case, { news }: Life): boolean {
  const { ticket, history } = { ticket: known.ticket.id, history: stateOf(known).history }
  const happened = new Set(history.map((event) => eventWords(event).headline))
  return [...happened, ...news].every(
    (words) => isShown(journal.entries, { source: 'workflows', ticket, words }) === news.includes(words),
  )
}

async function readCase({ cases }: Testbed, ticket: string): Promise<Case | undefined> {
  const stored = await cases.read(ticket)
  return stored.kind === 'found' ? stored.item : undefined
}

/** Looks again until there is something, for some seconds. */
async function arrival<Thing>(
  { clock, stop }: CommandContext,
  look: () => Promise<Thing | undefined>,
): Promise<Thing | undefined> {
  const end = clock.monotonic() + ARRIVES_WITHIN
  for (;;) {
    const found = await look()
    if (found !== undefined || stop.aborted || clock.monotonic() > end) return found
    await sleep(clock, LOOK_EVERY)
  }
}
