import { randomUUID } from 'node:crypto'
import { createRedrive, type Redriven } from '@ticketing/dead-letters'
import { createEnvelopeSender } from 'ticket-adapters/sqs'
import { findQueues, type System } from '../connect.ts'
import { countOf } from '../text/layout.ts'
import type { CommandContext } from '../command.ts'
import { besideJson } from '../print-target.ts'
import { asciiJson } from '../text/printable.ts'
import { findCauses } from './cause.ts'
import type { Hint } from '../target.ts'
import { type LetterSummary, canReturn, printDamage } from './read-letters.ts'
import { type Step, forEachLetter } from './for-each-letter.ts'

export interface RedriveOptions {
  readonly keys: readonly string[]
  readonly cause?: string | undefined
  readonly dryRun: boolean
  readonly json?: boolean | undefined
  /** Also closed ones. */
  readonly closed?: boolean | undefined
  readonly hint: Hint
}

/** Redrives the named letters, those of one cause, or all. Prints the result of each. */
export async function redriveLetters(
  system: System,
  context: CommandContext,
  options: RedriveOptions,
): Promise<number> {
  const { keys, dryRun, closed = false, json } = options
  const people = besideJson(context, json)
  const isNamed = keys.length > 0
  const chosen = isNamed ? { keys, problems: 0 } : await choose(system, people, options)
  if (chosen.keys.length === 0) {
    people.print('nothing to redrive: no dead ticket or event waits')
    if (json) context.print(asciiJson({ letters: [] }))
    return chosen.problems === 0 ? 0 : 1
  }
  const queueUrls = await findQueues(system, context, options.hint)
  const redrive = createRedrive({
    archive: system.archive,
    ledgers: system.ledgers,
    cases: system.cases,
    send: createEnvelopeSender({ client: system.clients.sqs, queueUrls, clock: context.clock }),
    clock: context.clock,
    log: { write: () => undefined },
    newNonce: randomUUID,
  })
  const tally = await forEachLetter(context, {
    keys: chosen.keys,
    done: dryRun ? 'would be redriven' : 'redriven',
    passing: dryRun ? 'looked at' : 'redriven',
    json,
    step: async (key) => toStep(await redrive(key, { dryRun, closed }), dryRun),
  })
  // A settled letter is a failure only if the operator named it.
  const failed = chosen.problems + (isNamed ? tally.settled : 0) + tally.failed
  return failed === 0 ? 0 : 1
}

async function choose(
  system: System,
  context: CommandContext,
  { cause, hint }: RedriveOptions,
): Promise<{ keys: readonly string[]; problems: number }> {
  const { causes, damaged } = await findCauses(system, context, { cause })
  const letters = causes.flatMap((each) => each.letters)
  printDamage(damaged, context)
  const returnable = letters.filter(canReturn)
  const others = letters.filter((letter) => !canReturn(letter))
  for (const line of describeOthers(others, hint)) context.print(line)
  return { keys: returnable.map(({ key }) => key), problems: damaged.length }
}

function describeOthers(others: readonly LetterSummary[], hint: Hint): string[] {
  const [first] = others
  if (!first) return []
  const collisions = others.filter(({ kind }) => kind === 'collision').length
  const kinds = [
    ...(others.length > collisions ? [`${others.length - collisions} without a ticket`] : []),
    ...(collisions > 0 ? [`${collisions} under the id of another ticket`] : []),
  ]
  return [
    `${countOf(others.length, 'letter')} cannot be redriven: ${kinds.join(', ')}. To look:`,
    `  ${hint(`dead-letters show ${first.key}`)}`,
  ]
}

const SETTLED: ReadonlySet<string> = new Set(['delivered', 'redriven-already', 'moved', 'closed'])

function toStep(result: Redriven, dryRun: boolean): Step {
  switch (result.kind) {
    case 'redriven': {
      const doubt = result.mayBeDelivered ? '; it may have been delivered: it is looked for first, or marked' : ''
      const unmarked = dryRun || result.marked ? '' : ' (its archive could not be marked: run it again)'
      const goes = dryRun ? 'would go on its way again' : 'on its way again'
      const { alongside = [] } = result
      const more = alongside.length === 0 ? '' : `, with ${countOf(alongside.length, 'effect')} that waited for it`
      return { end: 'done', words: `${goes}, in life ${result.life}${more}${unmarked}${doubt}`, isTransient: false }
    }
    case 'refused': {
      const all = result.code === 'closed' ? ' (--closed sends it all the same)' : ''
      const end = SETTLED.has(result.code) ? 'settled' : 'failed'
      return { end, words: `refused: ${result.reason}${all}`, isTransient: false }
    }
    case 'try-again': {
      const words =
        result.sent === 'no'
          ? `not sent: ${result.reason} Run it again`
          : `may be sent: ${result.reason} Run it again, it will not be delivered twice`
      return { end: 'failed', words, isTransient: true }
    }
  }
}
