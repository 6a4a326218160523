import { tmpdir } from 'node:os'
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { loadBundles } from '@ticketing/lambdas'
import type { StackClients } from '@ticketing/stack'
import {
  createInProcessClients,
  findTicketId,
  replyText,
  startTestbed,
  type TeamsReply,
  type Testbed,
  type TestbedOptions,
  type VirtualTestbed,
  type VirtualTestbedOptions,
} from '@ticketing/testbed'
import { type Case, type LedgerRecord, nameResources, stateOf, type TicketState } from 'ticket-core'
import { expect, vi } from 'vitest'
import { backend, type Backend } from './backend.ts'
import { runInProcess, type InProcessOptions, type InProcessResult } from './run-in-process.ts'

/** The limit of a wait in real time. A green run needs much less. */
const WAIT = { timeout: 240_000, interval: 25 }
/** The limit of a wait in virtual time. */
const VIRTUAL_WAIT_MS = 3_600_000

export type BedOptions = Pick<TestbedOptions, 'replicas' | 'functionSettings' | 'seed' | 'callbacks'> &
  Pick<VirtualTestbedOptions, 'laterPrefixes'>

/** The whole system on the backend of this run, or on another. Stop it in `afterAll`. */
export async function startBed(given: BedOptions = {}, on: Backend = backend()): Promise<Testbed> {
  if (on.kind === 'virtual') return startTestbed({ clock: 'virtual', ...given })
  const { laterPrefixes: _anyFunctionRuns, ...options } = given
  const bundles = await loadBundles()
  // Real time: a minute for each piece of news is too long.
  const functionSettings = { TICKETING_NEWS_DELAY: '1s', ...options.functionSettings }
  const intake = on.intake && { intake: on.intake }
  if (on.kind === 'processes') return startTestbed({ bundles, ...intake, ...options, functionSettings })
  return startTestbed({
    bundles,
    externalCloud: on.cloud,
    prefix: on.cloud.run,
    ...intake,
    ...options,
    functionSettings,
  })
}

/** Whether the testbed has a virtual clock. */
function isVirtual(bed: Testbed): bed is VirtualTestbed {
  return 'advance' in bed.clock
}

/** Waits until `check` does not throw, and returns its value. On a virtual clock it moves the time. */
export async function eventually<Value>(bed: Testbed, check: () => Value | Promise<Value>): Promise<Value> {
  if (!isVirtual(bed)) return vi.waitFor(check, WAIT)
  const end = bed.clock.now() + VIRTUAL_WAIT_MS
  for (;;) {
    try {
      return await check()
    } catch {
      if (bed.clock.now() > end || !(await bed.clock.advanceToNext())) return check()
    }
  }
}

/** The id on the card of an accepted ticket. */
export function acceptedId(reply: TeamsReply): string {
  expect(reply, replyText(reply)).toMatchObject({ kind: 'replied', status: 200 })
  const id = findTicketId(replyText(reply))
  if (id === undefined) throw new Error(`the bot named no ticket:\n${replyText(reply)}`)
  return id
}

/** Waits until the ledger shows the ticket in this state. Resolves with its record. */
export function recordOf(bed: Testbed, id: string, state: LedgerRecord['state']): Promise<LedgerRecord> {
  return eventually(bed, async () => {
    const stored = await bed.ledger.read(id)
    if (stored.kind !== 'found' || stored.item.state !== state)
      throw new Error(`${id} never became ${state}: ${JSON.stringify(stored)}`)
    return stored.item
  })
}

/** The ticket's case, as it is now. */
export async function caseOf(bed: Testbed, id: string): Promise<Case> {
  const stored = await bed.cases.read(id)
  if (stored.kind !== 'found') throw new Error(`there is no case of ${id}: ${JSON.stringify(stored)}`)
  return stored.item
}

/** Waits until the state of the ticket is like this. */
export function untilState(bed: Testbed, id: string, expected: Partial<TicketState>): Promise<TicketState> {
  return eventually(bed, async () => {
    const now = stateOf(await caseOf(bed, id))
    expect(now).toMatchObject(expected)
    return now
  })
}

/** Waits until all of them are delivered. */
export async function untilDelivered(bed: Testbed, ids: readonly string[]): Promise<LedgerRecord[]> {
  return Promise.all(ids.map((id) => recordOf(bed, id, 'delivered')))
}

/** How often a ticket is at each destination, read from the vendors themselves. */
export async function placesOf(bed: Testbed, id: string): Promise<{ bucket: number; board: number; alert: number }> {
  const objects = await listKeys(bed, 'tickets/')
  return {
    bucket: objects.filter((key) => key.includes(id)).length,
    board: bed.trello.cards.filter((card) => card.desc.includes(id)).length,
    alert: bed.slack.messages.filter((message) => message.channel === 'tickets' && message.shown.includes(id)).length,
  }
}

/** The keys of the bucket below a prefix. */
export async function listKeys(
  bed: { readonly clients: Pick<StackClients, 's3'>; readonly bucket: string },
  prefix: string,
): Promise<string[]> {
  const keys: string[] = []
  let from: string | undefined
  do {
    const page = await bed.clients.s3.send(
      new ListObjectsV2Command({ Bucket: bed.bucket, Prefix: prefix, ContinuationToken: from }),
    )
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []))
    from = page.NextContinuationToken
  } while (from !== undefined)
  return keys
}

/** Checks how many messages of a ticket were queued, if the journal has the events of the cloud. */
export function expectQueued(bed: Testbed, id: string, count: number): void {
  if (bed.seesCloud) expect(bed.journal.count({ source: 'sqs', kind: 'message-sent', ticket: id })).toBe(count)
}

/** The environment of a command for the bed's cloud: its address, or real AWS with the credentials of this process. */
function cloudEnvironment({ addresses }: Testbed): Record<string, string> {
  if (addresses.cloud !== '') return { AWS_ENDPOINT_URL: addresses.cloud }
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && /^(AWS_|HOME$)/.test(name) ? [[name, value] as const] : [],
  )
  return { ...Object.fromEntries(own), TICKETING_AWS: '1' }
}

/** The clients of an operator. Faults hit their calls; they do not hit those of the testbed itself. */
export function operatorClients({ aws }: VirtualTestbed): StackClients {
  return createInProcessClients({ ...aws, credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' } })
}

/** Runs the `ticketing` command against a testbed, in this process. */
export function runTicketing(
  bed: Testbed,
  args: readonly string[],
  options: Partial<InProcessOptions> = {},
): Promise<InProcessResult> {
  const env = { ...cloudEnvironment(bed), TICKETING_SECRET_ID: bed.secretId, ...options.env }
  const common = { cwd: tmpdir(), ...options, env }
  if (!isVirtual(bed)) return runInProcess(args, common)
  const { clock } = bed
  return clock.runUntilSettled(runInProcess(args, { clock, clients: operatorClients(bed), ...common }))
}

/** The settings of the functions, as the environment of a command that deploys them. */
export async function deploymentSettings(bed: Testbed): Promise<Record<string, string>> {
  const FunctionName = nameResources(bed.prefix).lanes.medium.function
  const { Environment } = await bed.clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
  const { TICKETING_TRELLO_URL = '', TICKETING_NEWS_DELAY } = Environment?.Variables ?? {}
  return { TICKETING_TRELLO_URL, ...(TICKETING_NEWS_DELAY !== undefined && { TICKETING_NEWS_DELAY }) }
}
