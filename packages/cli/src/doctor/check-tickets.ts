import { createBacklogMeter } from '@ticketing/server'
import { CliError } from '../cli-error.ts'
import { readLetters, summarise } from '../dead-letters/read-letters.ts'
import { countOf } from '../text/layout.ts'
import { type Finding, notChecked, ok, wrong } from './check.ts'
import type { Facts } from './facts.ts'

/** What could not be delivered and waits for a person. */
export async function checkDeadLetters({ system: connect, context, hint }: Facts): Promise<readonly Finding[]> {
  const name = 'dead-letters'
  const system = await connect()
  let waiting = 0
  let notNotified = 0
  try {
    const quiet = { ...context, progress: () => {}, printError: () => {} }
    const damaged = await readLetters(system, quiet, (letter) => {
      const { state, toldAt } = summarise(letter)
      if (state !== 'waits') return
      waiting += 1
      if (toldAt === undefined) notNotified += 1
    })
    if (damaged.length > 0)
      return [
        wrong(name, `${countOf(damaged.length, 'letter')} of the archive cannot be read`, hint('dead-letters list')),
      ]
  } catch (error) {
    if (error instanceof CliError) return [notChecked(name, error.message)]
    throw error
  }
  if (waiting === 0) return [ok(name, 'none waits')]
  const withoutNotice = notNotified === 0 ? '' : `; no admin was notified of ${notNotified}`
  const fix = `See why, and send them again: ${hint('dead-letters list')}`
  return [wrong(name, `${countOf(waiting, 'letter')} waiting for a person${withoutNotice}`, fix)]
}

/** What is in the queues: a message in the dead-letter queue is not archived yet. */
export async function checkDeadQueue({ stack }: Facts): Promise<readonly Finding[]> {
  const name = 'dead-letter-queue'
  const { lanes } = await stack()
  const dead = lanes.find(({ lane }) => lane === 'dead')
  if (!dead?.queue) return [notChecked(name, 'needs the queue')]
  const { visible, inFlight, delayed } = dead.queue
  const count = visible + inFlight + delayed
  if (count === 0) return [ok(name, 'empty')]
  return [
    wrong(
      name,
      `about ${countOf(count, 'message')}, not archived yet, and no admin was notified`,
      `Wait a minute; if it stays so, read the log of its function: aws logs tail /aws/lambda/${dead.function?.name ?? ''}`,
    ),
  ]
}

/** A ticket that waits longer than this is a sign; seconds. */
const LONG = 900

/** Tickets that were accepted and not delivered yet. */
export async function checkBacklog({ system: connect, context, stack }: Facts): Promise<readonly Finding[]> {
  const name = 'backlog'
  const system = await connect()
  const { lanes } = await stack()
  const { clock } = context
  const measured = await createBacklogMeter({ index: system.index, ledgers: system.ledgers, clock })(
    clock.monotonic() + 10_000,
  )
  const queued = lanes.reduce((sum, { lane, queue }) => (lane === 'dead' ? sum : sum + (queue?.visible ?? 0)), 0)
  const inQueues = `${countOf(queued, 'message')} in the queues`
  const { waiting, oldestSeconds } = measured
  if (waiting === 0) return [ok(name, `no ticket waits for its destination, ${inQueues}`)]
  const text = `${countOf(waiting, 'ticket')} waiting, the oldest for ${oldestSeconds} s, ${inQueues}`
  if (oldestSeconds <= LONG) return [ok(name, text)]
  return [wrong(name, text, 'See what the checks of Trello, Slack and the functions say; nothing is lost for a day')]
}
