import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { planStack, readCaller, type Difference, type PlannedChange } from '@ticketing/stack'
import { printableLine } from '../text/printable.ts'
import { type Finding, notChecked, ok, wrong } from './check.ts'
import type { Facts } from './facts.ts'

export async function checkCredentials({ clients, region, target }: Facts): Promise<readonly Finding[]> {
  const read = await readCaller(clients)
  if (!read.ok) return [wrong('credentials', read.failure.problem, read.failure.todo)]
  const where = target.endpoint === undefined ? 'real AWS' : target.endpoint
  return [
    ok('credentials', `account ${read.value.accountId}, region ${await region()} (${where}), as ${read.value.arn}`),
  ]
}

/** AWS refuses signatures that are five minutes off, and the server refuses messages of Teams that are; milliseconds. */
const MOST_SKEW = 60_000

/** Compares this machine's clock with the `Date` of AWS's answer. */
export async function checkClock({ clients, context, caller }: Facts): Promise<readonly Finding[]> {
  let date = Number.NaN
  const command = new GetCallerIdentityCommand({})
  command.middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args)
      date = readDate(answered.response)
      return answered
    },
    { step: 'deserialize', name: 'readDate', priority: 'low' },
  )
  const before = context.clock.now()
  try {
    await clients.sts.send(command)
  } catch (error) {
    // A clock that is far off looks like wrong credentials: the answer has its date all the same.
    if (Number.isNaN(date)) date = readDate(error instanceof Error ? Reflect.get(error, '$response') : undefined)
    if (Number.isNaN(date)) await caller()
  }
  if (Number.isNaN(date)) return [notChecked('clock', 'this cloud does not say what time it is')]
  const after = context.clock.now()
  // The date is of a whole second, anywhere between the question and its answer.
  const skew = date + 1000 < before ? date - before : date > after ? date - after : 0
  if (Math.abs(skew) <= MOST_SKEW) return [ok('clock', 'as AWS’s')]
  const seconds = Math.round(Math.abs(skew) / 1000)
  return [
    wrong(
      'clock',
      `this machine is ${seconds} s ${skew > 0 ? 'behind' : 'ahead of'} AWS`,
      'Set the clock by NTP (timedatectl set-ntp true): AWS and the server refuse what is signed five minutes off.',
    ),
  ]
}

function readDate(response: unknown): number {
  const headers: unknown =
    typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined
  const date: unknown = typeof headers === 'object' && headers !== null ? Reflect.get(headers, 'date') : undefined
  return typeof date === 'string' ? Date.parse(date) : Number.NaN
}

/** Every resource that `up` would make or change, by the same plan. */
export async function checkResources(facts: Facts): Promise<readonly Finding[]> {
  const { clients, context, hint, stackTarget } = facts
  const { desired, redactPlan } = await stackTarget()
  const plan = await planStack(desired, clients, { clock: context.clock })
  if (!plan.ok)
    return plan.failure.map(({ resource, problem, todo }) => wrong(`${resource.kind} ${resource.name}`, problem, todo))
  const { changes, kept } = redactPlan(plan.value)
  return [
    ...kept.map(({ kind, name }) => ok(`${kind} ${name}`, 'as it should be')),
    ...changes.map((change) =>
      wrong(
        `${change.resource.kind} ${change.resource.name}`,
        describeChange(change),
        `Apply the stack: ${hint('up')}`,
      ),
    ),
  ]
}

function describeChange({ action, differences }: PlannedChange): string {
  if (action === 'create') return 'it does not exist'
  if (action === 'remove') return 'it is there, and should not be'
  const shown = differences.filter(({ field }) => !field.startsWith('tag '))
  return (shown.length > 0 ? shown : differences).map(describeDifference).join('; ')
}

/** Policies and digests are longer: only the field is named. */
const LONGEST = 60

function describeDifference({ field, from, to }: Difference): string {
  const isShort = to.length <= LONGEST && (from ?? '').length <= LONGEST
  if (!isShort || field === 'code') return `${field} is not what it should be`
  return printableLine(`${field} is ${from === undefined || from === '' ? '(nothing)' : from}, not ${to}`)
}

/** What Lambda says of each function and of its event source mapping. */
export async function checkFunctions({ stack, hint }: Facts): Promise<readonly Finding[]> {
  const { lanes } = await stack()
  return lanes.flatMap(({ function: is }) => {
    if (!is) return []
    const name = `running ${is.name}`
    if (is.problem !== undefined) return [wrong(name, is.problem, `Apply the stack again: ${hint('up')}`)]
    if (is.mapping === undefined) return [wrong(name, 'no queue starts it', `Apply the stack: ${hint('up')}`)]
    const isRunning = ['Enabled', 'Enabling', 'Creating', 'Updating'].includes(is.mapping)
    if (!isRunning)
      return [
        wrong(
          name,
          `its event source mapping is ${is.mapping}: nothing is delivered`,
          `Apply the stack: ${hint('up')}`,
        ),
      ]
    if (is.lastResult?.startsWith('PROBLEM'))
      return [wrong(name, printableLine(is.lastResult), `Read its log: aws logs tail /aws/lambda/${is.name}`)]
    return [ok(name, `${is.state}, its mapping is ${is.mapping}`)]
  })
}
