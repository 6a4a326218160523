import { randomUUID } from 'node:crypto'
import { createRedrive } from '@ticketing/lambdas'
import type { Redriven } from '@ticketing/lambdas'
import { createSqsClient } from 'ticket-adapters/aws'
import { createEnvelopeSender } from 'ticket-adapters/sqs'
import { CliError } from '../cli-error.ts'
import { findQueues } from '../connect.ts'
import type { System } from '../connect.ts'
import { countOf } from '../text/layout.ts'
import { printableLine } from '../text/printable.ts'
import type { World } from '../world.ts'
import { findCauses } from './find-causes.ts'
import type { Hint } from './hints.ts'
import type { LetterSummary } from './read-letters.ts'
import { complainOfDamage } from './read-letters.ts'
import { runBounded } from './run-bounded.ts'

/** Redrives at the same time. */
const AT_ONCE = 8
/** Lines of one kind before it is only counted. */
const SHOWN = 20
/** So many in a row that cannot be known or done just now: the cloud is down, and the rest would fare no better. */
const HOPELESS = 16

export interface RedriveOptions {
  readonly keys: readonly string[]
  readonly cause?: string | undefined
  readonly dryRun: boolean
  readonly hint: Hint
}

/** Sends the letters that were named, of one cause, or all on their way again; says what became of each. */
export async function redriveLetters(system: System, world: World, options: RedriveOptions): Promise<number> {
  const { keys, dryRun } = options
  const isNamed = keys.length > 0
  const chosen = isNamed ? { keys, problems: 0 } : await choose(system, world, options)
  if (chosen.keys.length === 0) {
    world.say('nothing to redrive: no dead ticket waits')
    return chosen.problems === 0 ? 0 : 1
  }
  const tally = await redriveAll(system, world, { keys: chosen.keys, dryRun })
  const did = `${tally.redriven} of ${chosen.keys.length} ${dryRun ? 'would be redriven' : 'redriven'}`
  if (tally.begun < chosen.keys.length)
    throw new CliError(
      `${world.stop.aborted ? 'interrupted' : `given up after ${HOPELESS} failures in a row`}: ${did}; run it again for the rest`,
    )
  world.say(did)
  // What was settled meanwhile is what whoever asked for all wanted; who named an id wants to know.
  const failed = chosen.problems + (isNamed ? tally.settled : 0) + tally.failed
  return failed === 0 ? 0 : 1
}

async function choose(
  system: System,
  world: World,
  { cause, hint }: RedriveOptions,
): Promise<{ keys: readonly string[]; problems: number }> {
  const { causes, damaged } = await findCauses(system, world, { cause })
  const letters = causes.flatMap((each) => each.letters)
  complainOfDamage(damaged, world)
  const tickets = letters.filter(({ kind }) => kind === 'ticket')
  const others = letters.filter(({ kind }) => kind !== 'ticket')
  for (const line of describeOthers(others, hint)) world.say(line)
  return { keys: tickets.map(({ key }) => key), problems: damaged.length }
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

interface Tally {
  begun: number
  redriven: number
  /** Refused because nothing is left to do: delivered, or on its way. */
  settled: number
  failed: number
}

async function redriveAll(
  system: System,
  world: World,
  { keys, dryRun }: { readonly keys: readonly string[]; readonly dryRun: boolean },
): Promise<Tally> {
  const queueUrls = await findQueues(system, world)
  const run = createRedrive({
    archive: system.archive,
    ledger: system.ledger,
    send: createEnvelopeSender({ client: createSqsClient(system.aws), queueUrls, clock: world.clock }),
    clock: world.clock,
    log: { write: () => undefined },
    newNonce: randomUUID,
  })
  const tally: Tally = { begun: 0, redriven: 0, settled: 0, failed: 0 }
  let done = 0
  const say = sayShortly(world)
  let inVain = 0
  const isOver = (): boolean => world.stop.aborted || inVain >= HOPELESS
  await runBounded(keys, { limit: AT_ONCE, isOver }, async (key) => {
    tally.begun += 1
    const result = await run(key, { dryRun })
    inVain = result.kind === 'try-again' ? inVain + 1 : 0
    const end = classify(result)
    tally[end] += 1
    say(end, `${key}  ${printableLine(describe(result, dryRun))}`)
    world.progress(`${dryRun ? 'looked at' : 'redriven'} ${(done += 1)} of ${keys.length}`)
  })
  world.progress('')
  say.rest()
  return tally
}

function classify(result: Redriven): 'redriven' | 'settled' | 'failed' {
  if (result.kind === 'redriven') return 'redriven'
  const isSettled = result.kind === 'refused' && ['delivered', 'redriven-already'].includes(result.code)
  return isSettled ? 'settled' : 'failed'
}

/** The first lines of each kind, and how many more there were: thousands of letters are no reason for as many lines. */
function sayShortly(world: World): { (kind: string, line: string): void; rest(): void } {
  const counts = new Map<string, number>()
  const say = (kind: string, line: string): void => {
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    if (count <= SHOWN) world.say(line)
  }
  const rest = (): void => {
    const left = [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - SHOWN), 0)
    if (left > 0) world.say(`… and ${left} more`)
  }
  return Object.assign(say, { rest })
}

function describe(result: Redriven, dryRun: boolean): string {
  switch (result.kind) {
    case 'redriven': {
      const doubt = result.mayBeDelivered ? '; it may have been delivered: it is looked for first, or marked' : ''
      if (dryRun) return `would go on its way again, in life ${result.life}${doubt}`
      return `on its way again, in life ${result.life}${result.marked ? '' : ' (its archive could not be marked: run it again)'}${doubt}`
    }
    case 'refused':
      return `refused: ${result.reason}`
    case 'try-again':
      return result.sent === 'no'
        ? `not sent: ${result.reason} Run it again`
        : `may be sent: ${result.reason} Run it again, it will not be delivered twice`
  }
}
