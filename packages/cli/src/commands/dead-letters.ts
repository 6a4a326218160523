import { parseArgs } from 'node:util'
import { createRedrive } from '@ticketing/lambdas'
import type { Redriven } from '@ticketing/lambdas'
import { listDeadLetters } from 'ticket-adapters/s3'
import { createEnvelopeSender } from 'ticket-adapters/sqs'
import { createSqsClient } from 'ticket-adapters/aws'
import type { DeadLetter } from 'ticket-core'
import { randomUUID } from 'node:crypto'
import { announce } from '../announce.ts'
import { CliError } from '../cli-error.ts'
import { connect, findQueues } from '../connect.ts'
import type { System } from '../connect.ts'
import { describeLetterLines, groupByCause, isOpen } from '../show-letters.ts'
import { findTarget, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import type { Command, World } from '../world.ts'

/** The dead-letter desk: what could not be delivered, why, and sending it again. */
export const deadLetters: Command = {
  name: 'dead-letters',
  summary: 'what could not be delivered: list, show, redrive',
  help: `ticketing dead-letters list [--all]             those that wait for somebody, grouped by cause
ticketing dead-letters show <id>                one, whole: ticket, attempts, message
ticketing dead-letters redrive <id>…            sends them on their way again
ticketing dead-letters redrive --cause <code>   all of one cause
ticketing dead-letters redrive --all            all that wait
  --dry-run   says what it would do and does nothing
A ticket that the ledger shows as delivered, or on its way, is refused.${TARGET_HELP}`,
  async run(args, world) {
    const options = {
      ...TARGET_OPTIONS,
      all: { type: 'boolean' },
      cause: { type: 'string' },
      'dry-run': { type: 'boolean' },
    } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [action, ...keys] = positionals
    checkUsage({ action, keys, all: values.all ?? false, cause: values.cause })
    const target = await findTarget(values, world)
    const system = await connect(target, world)
    switch (action) {
      case 'list':
        return list(system, world, values.all ?? false)
      case 'show':
        return show(system, world, keys)
      case 'redrive': {
        await announce(target, world, system.secret.prefix)
        const letters = await choose(system, world, { keys, cause: values.cause })
        return redrive(system, world, { letters, dryRun: values['dry-run'] ?? false })
      }
      default:
        throw new CliError(EXPECTED, 2)
    }
  },
}

const EXPECTED = 'expected list, show or redrive'

/** What is wrong with the command line is said before anything is connected to. */
function checkUsage({ action, keys, all, cause }: Usage): void {
  switch (action) {
    case 'list':
      if (keys.length > 0) throw new CliError('list: takes no id; show <id> shows one, list --all lists all', 2)
      return
    case 'show':
      if (keys.length === 0) throw new CliError('show: expected an id, such as T-7QK2M-9XD4R', 2)
      return
    case 'redrive':
      if ([keys.length > 0, cause !== undefined, all].filter(Boolean).length !== 1)
        throw new CliError('redrive: name ids, or --cause <code>, or --all: one of the three', 2)
      return
    default:
      throw new CliError(action === undefined ? EXPECTED : `${EXPECTED}, got "${action}"`, 2)
  }
}

interface Usage {
  readonly action: string | undefined
  readonly keys: readonly string[]
  readonly all: boolean
  readonly cause: string | undefined
}

async function readAll(system: System, world: World): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = []
  for await (const listed of listDeadLetters({ client: system.s3, bucket: system.bucket, clock: world.clock })) {
    if (listed.kind === 'letter') letters.push(listed.letter)
    else if (listed.kind === 'unreadable') world.complain(`${listed.key} could not be read: ${listed.reason}`)
    else throw new CliError(`the list broke off: ${listed.reason}. Run it again`)
  }
  return letters
}

async function list(system: System, world: World, all: boolean): Promise<number> {
  const letters = (await readAll(system, world)).filter((letter) => all || isOpen(letter))
  if (letters.length === 0) world.say(all ? 'no dead letters' : 'no dead letters wait for anybody')
  for (const line of groupByCause(letters)) world.say(line)
  return 0
}

async function show(system: System, world: World, keys: readonly string[]): Promise<number> {
  for (const key of keys) {
    const stored = await system.archive.read(key)
    if (stored.kind === 'absent')
      throw new CliError(`there is no dead letter ${key}; see: npx -y pnpm@12 ticketing dead-letters list --all`)
    if (stored.kind === 'unavailable') throw new CliError(`${key} could not be read: ${stored.reason}`)
    for (const line of describeLetterLines(stored.item)) world.say(line)
  }
  return 0
}

async function choose(
  system: System,
  world: World,
  by: { keys: readonly string[]; cause: string | undefined },
): Promise<readonly string[]> {
  if (by.keys.length > 0) return by.keys
  const letters = await readAll(system, world)
  const asked = letters.filter((letter) => isOpen(letter) && (by.cause === undefined || letter.cause.code === by.cause))
  const tickets = asked.filter(({ kind }) => kind === 'ticket')
  const others = asked.length - tickets.length
  if (others > 0) world.say(`${others} hold no ticket that could be delivered; look at them: dead-letters show <id>`)
  return tickets.map(({ key }) => key)
}

async function redrive(
  system: System,
  world: World,
  { letters, dryRun }: { letters: readonly string[]; dryRun: boolean },
): Promise<number> {
  const queueUrls = await findQueues(system, world)
  const send = createEnvelopeSender({ client: createSqsClient(system.aws), queueUrls, clock: world.clock })
  const run = createRedrive({
    archive: system.archive,
    ledger: system.ledger,
    send,
    clock: world.clock,
    log: { write: () => undefined },
    newNonce: randomUUID,
  })
  let redriven = 0
  let failed = 0
  for (const key of letters) {
    if (world.stop.aborted)
      throw new CliError(`interrupted after ${redriven} of ${letters.length}; run it again for the rest`)
    const result = await run(key, { dryRun })
    if (result.kind === 'redriven') redriven += 1
    else failed += 1
    world.say(`${key}  ${describe(result, dryRun)}`)
  }
  const what = dryRun ? 'would be redriven' : 'redriven'
  world.say(
    letters.length === 0 ? 'nothing to redrive: no dead ticket waits' : `${redriven} of ${letters.length} ${what}`,
  )
  return failed === 0 ? 0 : 1
}

function describe(result: Redriven, dryRun: boolean): string {
  switch (result.kind) {
    case 'redriven':
      if (dryRun) return `would go on its way again, in life ${result.life}`
      return `on its way again, in life ${result.life}${result.marked ? '' : ' (its archive could not be marked)'}`
    case 'refused':
      return `refused: ${result.reason}`
    case 'try-again':
      return `not known: ${result.reason}. Run it again`
  }
}
