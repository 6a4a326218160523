import { randomBytes } from 'node:crypto'
import { createVirtualClock, systemClock, type VirtualClock } from '@ticketing/local-aws'
import { createStackClients } from '@ticketing/stack'
import { createCaseStore, createDeadLetterArchive, createIndexStore, createLedgerReader } from 'ticket-adapters/s3'
import { createEventQueue } from 'ticket-adapters/sqs'
import { nameResources } from 'ticket-core'
import { createFaults, UnfiredFaults, type Faults } from '../faults/create-faults.ts'
import { createJournal, type Journal } from '../journal/create-journal.ts'
import { RealTimeUsed } from '../processes/forbid-real-time.ts'
import { createTeamsSimulator } from '../teams/create-teams-simulator.ts'
import { bedImage } from './bed-image.ts'
import { checkOptions } from './check-options.ts'
import { createInProcessClients } from './without-wire.ts'
import { createRandom } from './random.ts'
import { deploy, takeDown, type Deployed } from './deploy.ts'
import { createScheduledEvents } from './scheduled-events.ts'
import { type Machine, type MachineDependencies, type Replica } from './machine.ts'
import { AT_ONCE, fewAtOnce, functionReplica } from './function-replica.ts'
import { runFunctions } from './run-functions.ts'
import { startSystemMachine } from './start-system-machine.ts'
import type { Testbed, TestbedOptions, VirtualTestbed, VirtualTestbedOptions } from './testbed.ts'
import { createVirtualMachine } from './virtual-machine.ts'
import { currentWatcher } from './watch-testbeds.ts'

const SECRET_ID = 'ticketing-app'
/** 2026-11-24T10:00:00Z */
const START = 1_795_514_400_000

/**
 * Starts everything: in this process on a virtual clock, or with real processes and sockets on the system's. Rejects with
 * an `AddressInUse` when a chosen port is in use, after it stopped what it had started. Rejects with a TypeError for wrong
 * options.
 */
export function startTestbed(options: VirtualTestbedOptions): Promise<VirtualTestbed>
export function startTestbed(options: TestbedOptions): Promise<Testbed>
export async function startTestbed(options: TestbedOptions | VirtualTestbedOptions): Promise<Testbed> {
  checkOptions(options)
  return options.clock === 'virtual' ? startVirtual(options) : startOnSystem(options)
}

async function startVirtual(options: VirtualTestbedOptions): Promise<VirtualTestbed> {
  const { prefix = 'test', start = START } = options
  const functionSettings = functionSettingsOf(options)
  const clock = createVirtualClock(start)
  const journal = createJournal({ clock, advanceUntil: (isDone, limit) => clock.advanceUntil(isDone, limit) })
  const random = createRandom(options.seed ?? 1)
  const scheduledEvents = createScheduledEvents(clock, journal)
  const faults = createFaults({ random: () => random.next(), schedule: scheduledEvents.schedule })
  const dependencies = { journal, faults, random, stops: [], onReady: options.onReady ?? (() => undefined) }
  const image = await bedImage({ prefix, secretId: SECRET_ID, functionSettings })
  const machine = createVirtualMachine({ ...options, clock, prefix, image: image.store }, dependencies)
  machine.vendors.trello.restore(image.trello)
  const wait = <Value>(work: Promise<Value>): Promise<Value> => clock.runUntilSettled(work)
  const secretId = SECRET_ID
  const bed = await assemble(options, {
    machine,
    dependencies,
    journal,
    faults,
    deployed: image.deployed,
    prefix,
    secretId,
    wait,
  })
  scheduledEvents.begin(bed)
  return { ...bed, clock }
}

async function startOnSystem(options: TestbedOptions): Promise<Testbed> {
  const { externalCloud } = options
  const { prefix, secretId } = nameBed(options)
  const clock = systemClock
  const journal = createJournal({ clock })
  const random = createRandom(options.seed ?? 1)
  const faults = createFaults({ random: () => random.next() })
  const stops: MachineDependencies['stops'] = []
  const dependencies = { journal, faults, random, stops, onReady: options.onReady ?? (() => undefined) }
  try {
    const machine = await startSystemMachine(options, dependencies)
    const clients = createStackClients(machine.aws)
    const { vendors } = machine
    // Before `deploy`, so that a partly deployed stack is removed too.
    if (externalCloud)
      stops.push(async () => {
        await takeDown({ clients, clock, prefix, secretId })
      })
    const withFunctions = externalCloud?.functions !== 'testbed'
    const functionSettings = functionSettingsOf(options)
    const about = { ...options, functionSettings, prefix, secretId }
    const deployed = await deploy({ ...about, clock, vendors, clients, withFunctions })
    dependencies.onReady('stack')
    if (!withFunctions) stops.push(runFunctions({ ...deployed, clients, endpoint: machine.endpoint, clock, journal }))
    return await assemble(options, { machine, dependencies, journal, faults, deployed, prefix, secretId })
  } catch (error) {
    await stopAll(stops)
    throw error
  }
}

/** As `ticketing up` does: messages have buttons where Slack is connected. */
function functionSettingsOf({ callbacks, functionSettings }: TestbedOptions | VirtualTestbedOptions) {
  return { ...(callbacks?.slack !== undefined && { TICKETING_SLACK_BUTTONS: '1' }), ...functionSettings }
}

interface Parts {
  readonly machine: Machine
  readonly dependencies: MachineDependencies
  readonly journal: Journal
  readonly faults: Faults
  readonly deployed: Deployed
  readonly prefix: string
  readonly secretId: string
  readonly wait?: VirtualClock['runUntilSettled']
}

async function assemble(
  options: TestbedOptions | VirtualTestbedOptions,
  { machine, dependencies, journal, faults, deployed, prefix, secretId, wait }: Parts,
): Promise<Testbed> {
  const { clock, vendors, aws } = machine
  const { stops } = dependencies
  const isVirtual = options.clock === 'virtual'
  for (const simulator of [vendors.trello, vendors.slack, vendors.workflows]) simulator.intercept(faults.interceptor)
  const replicas: Replica[] = []
  const { intakeUrl } = deployed
  if (intakeUrl !== undefined)
    replicas.push(functionReplica(intakeUrl, { prefix, lambda: createStackClients(aws).lambda }))
  const servers = intakeUrl === undefined ? (options.replicas ?? 1) : 0
  // Its environments start now: this machine does several things at once, and Teams waits five seconds.
  if (intakeUrl !== undefined)
    await Promise.all(Array.from({ length: AT_ONCE }, () => machine.fetch(`${intakeUrl}/health`)))
  for (let number = 0; number < servers; number += 1) {
    const port = isVirtual || number > 0 ? 0 : (options.ports?.server ?? 0)
    const replica = await machine.startReplica({ secretId, port })
    stops.push(() => replica.stop())
    replicas.push(replica)
  }
  dependencies.onReady('server')
  const url = replicas[0]?.url
  connectCallbacks(options.callbacks, vendors, url)
  let isStopped = false
  const refuseStopped = (): void => {
    if (isStopped) throw new Error('this testbed was stopped; start another one')
  }
  const teams = createTeamsSimulator({
    clock,
    journal,
    token: deployed.teamsToken,
    url,
    fetch: intakeUrl === undefined ? machine.fetch : fewAtOnce(machine.fetch),
    wait,
    beforePost: refuseStopped,
  })
  const add: Faults['add'] = (fault) => {
    refuseStopped()
    return faults.add(fault)
  }
  const clients = isVirtual ? createInProcessClients(aws) : createStackClients(aws)
  const queueUrl = deployed.queueUrls[nameResources(prefix).lanes.events.queue] ?? ''
  const events = createEventQueue({ client: clients.sqs, queueUrl, clock })
  const store = { client: clients.s3, bucket: deployed.bucket, clock }
  const stop = async (): Promise<void> => {
    isStopped = true
    await stopAll(stops)
    const unfired = faults.unfired()
    faults.forget()
    const violation = machine.takeViolation?.()
    if (violation) throw violation
    if (unfired.length > 0) throw new UnfiredFaults(unfired)
  }
  currentWatcher()?.started({ journal, stop })
  return {
    clock,
    journal,
    teams,
    trello: vendors.trello,
    slack: vendors.slack,
    workflows: vendors.workflows,
    faults: { ...faults, add },
    replicas,
    aws,
    clients,
    seesCloud: isVirtual || options.externalCloud === undefined,
    ledger: createLedgerReader(store),
    cases: createCaseStore(store),
    index: createIndexStore(store),
    archive: createDeadLetterArchive(store),
    bucket: deployed.bucket,
    prefix,
    secretId,
    queueUrls: deployed.queueUrls,
    async sendEvent(event) {
      refuseStopped()
      const sent = await events.enqueue(event)
      if (sent.kind !== 'accepted') throw new Error(`the event ${event.id} is not queued: ${JSON.stringify(sent)}`)
    },
    addresses: {
      server: url ?? '',
      cloud: machine.endpoint,
      trello: vendors.trelloUrl,
      slack: vendors.slackUrl,
      workflows: vendors.workflowsUrl,
    },
    stop,
    [Symbol.asyncDispose]: () => stop().catch(leaveToWatcher),
  }
}

/** Vendors send what people do to these addresses. Paths are those of the first server. */
function connectCallbacks(
  { trello, slack }: NonNullable<TestbedOptions['callbacks']> = {},
  vendors: Machine['vendors'],
  server: string | undefined,
): void {
  const callbackURL = trello === undefined ? undefined : addressAt(trello, server)
  // Trello remembers those of earlier starts.
  const isKnown = vendors.trello.webhooks.some((webhook) => webhook.callbackURL === callbackURL)
  if (callbackURL !== undefined && !isKnown) vendors.trello.addWebhook(callbackURL)
  if (slack !== undefined) vendors.slack.setRequestUrl(addressAt(slack, server))
}

/** A path of the server, whose own address may have one; or a whole address. */
function addressAt(given: string, server = ''): string {
  return given.startsWith('/') ? `${server}${given}` : given
}

/** A failed test must show its own error, not that its faults never fired. */
function leaveToWatcher(error: unknown): void {
  const watcher = currentWatcher()
  if (!watcher || !(error instanceof UnfiredFaults || error instanceof RealTimeUsed)) throw error
  watcher.found(error)
}

/** Stops the last one first. A failure does not prevent the others. Rejects with the first failure. */
async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const each of stops.splice(0).toReversed()) await each().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/** In an external cloud the names must be unique. The embedded cloud belongs to this testbed alone. */
function nameBed({ externalCloud, prefix = 'test' }: TestbedOptions): { prefix: string; secretId: string } {
  if (!externalCloud) return { prefix, secretId: SECRET_ID }
  const unique = `${prefix}-${randomBytes(4).toString('hex')}`
  return { prefix: unique, secretId: `${SECRET_ID}-${unique}` }
}
