import type { Testbed } from '@ticketing/testbed'
import { sleep } from 'ticket-adapters/clock'
import type { Priority } from 'ticket-core'
import { loadTestbed } from '../load.ts'
import type { CommandContext } from '../command.ts'

export interface SampleResult {
  readonly message: string
  readonly ticket?: string
  /** Of a sample that is a ticket. */
  readonly priority?: Priority
  /** Where it landed, in words. */
  readonly landed: string
  /** From posting the message to its end. */
  readonly milliseconds: number
  readonly asExpected: boolean
}

const SAMPLES = [
  { title: 'Login page is blank', priority: 'high', description: 'Since 9:40 the login page stays white in Firefox.' },
  {
    title: 'Report counts twice',
    priority: 'medium',
    description: 'The sales report lists October two times.\nThe totals are doubled, too.',
  },
  { title: 'Typo on the imprint', priority: 'low', description: 'It says "adress".' },
] as const

/** Misspelt on purpose: the card names the problem and offers a corrected form. */
const MALFORMED = 'Title: Printer on floor 3\nPriority: hgih\nDescription: It prints every page twice.'

const LANDS_WITHIN = 60_000
const LOOK_EVERY = 25

/** Sends one message of each priority and a malformed one, and waits until each has ended. */
export async function sendSamples(bed: Testbed, context: CommandContext): Promise<readonly SampleResult[]> {
  return Promise.all([...SAMPLES.map((sample) => sendTicket(bed, context, sample)), sendMalformed(bed, context)])
}

async function sendTicket(
  bed: Testbed,
  context: CommandContext,
  sample: (typeof SAMPLES)[number],
): Promise<SampleResult> {
  const { findTicketId, replyText } = await loadTestbed()
  const start = context.clock.now()
  const message = `${sample.priority}: ${sample.title}`
  const end = (landed: string, asExpected: boolean, ticket?: string): SampleResult => ({
    message,
    priority: sample.priority,
    landed,
    asExpected,
    milliseconds: context.clock.now() - start,
    ...(ticket !== undefined && { ticket }),
  })
  const ticket = findTicketId(replyText(await bed.teams.send(sample)))
  if (ticket === undefined) return end('the bot named no ticket', false)
  while (context.clock.now() - start < LANDS_WITHIN && !context.stop.aborted) {
    const stored = await bed.ledger.read(ticket)
    const record = stored.kind === 'found' ? stored.item : undefined
    if (record?.state === 'delivered') return end(describePlace(bed, ticket, record.receipt?.where), true, ticket)
    if (record?.state === 'dead') return end(`dead: ${record.failure?.reason ?? ''}`, false, ticket)
    await sleep(context.clock, LOOK_EVERY)
  }
  if (context.stop.aborted) return end('interrupted', false, ticket)
  return end(`not landed within ${LANDS_WITHIN / 1000} s`, false, ticket)
}

/** Where a person would look for it. The simulators know more than the receipt. */
function describePlace(bed: Testbed, ticket: string, where = 'delivered'): string {
  const message = bed.slack.messages.findLast(({ shown }) => shown.includes(ticket))
  if (message) return `message in Slack, #${message.channel}`
  const card = bed.trello.cards.findLast(({ desc }) => desc.includes(ticket))
  return card ? `${where} in Trello, list "${card.list}"` : where
}

async function sendMalformed(bed: Testbed, context: CommandContext): Promise<SampleResult> {
  const { findTicketId, replyText } = await loadTestbed()
  const start = context.clock.now()
  const reply = await bed.teams.sendText(MALFORMED)
  const text = replyText(reply)
  const asExpected = findTicketId(text) === undefined && text.includes('Priority: High')
  const landed = asExpected
    ? 'nowhere: answered with the problem and a corrected form'
    : 'answered in another way than expected'
  return { message: 'malformed: priority "hgih"', landed, milliseconds: context.clock.now() - start, asExpected }
}

/** Prints message → ticket id → where it landed → time. */
export function showTable(results: readonly SampleResult[], context: CommandContext): void {
  const rows = [
    ['message', 'ticket', 'landed', 'time'],
    ...results.map(({ message, ticket, landed, milliseconds }) => [
      message,
      ticket ?? '-',
      landed,
      `${milliseconds} ms`,
    ]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  context.print('')
  for (const row of rows)
    context.print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}
