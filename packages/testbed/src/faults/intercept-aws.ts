import { ConnectionLost, type Call, type Intercept } from '@ticketing/local-aws'
import { sleep } from 'ticket-adapters/clock'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import { answerFault } from './answer-fault.ts'
import type { Faults } from './create-faults.ts'
import { liesIn, type AwsEdge } from './edge.ts'
import type { FailingDisk } from './failing-disk.ts'
import type { CallFault } from './fault.ts'
import { createDeliverTwice, reorder, type HideMessage } from './receive-faults.ts'
import { stopCaller } from '../processes/simulated-process.ts'

/** Calls signed with this key are the testbed's own: no fault hits them. */
export const OBSERVER_KEY = 'testbed-observer'

export interface AwsFaultDependencies {
  readonly faults: Pick<Faults, 'meet'>
  readonly clock: Clock
  readonly journal: JournalWriter
  readonly random: () => number
  /** Makes a received message visible again after some seconds. */
  readonly hide: HideMessage
  /** Below the cloud's store. */
  readonly disk: Pick<FailingDisk, 'during'>
}

/** Applies the faults to calls of the cloud. */
export function interceptAws({ faults, clock, journal, random, hide, disk }: AwsFaultDependencies): Intercept {
  const deliverTwice = createDeliverTwice(hide)
  return async (call, input, run) => {
    if (call.caller.accessKeyId === OBSERVER_KEY) return run()
    const edge = edgeOf(call)
    // Lazy: objects can be long.
    const text = (): string => textOf(input)
    const fault = faults.meet({ edge, text })
    if (!fault) return run()
    journal.note({ source: 'fault', kind: fault.kind, at: edge, ...labelOf(text()) })
    return applyFault(fault, { call, input, run, clock, random, hide, deliverTwice, disk })
  }
}

/** Calls `run` when a new fault may hit the next poll. */
export function onPollFault({ onAdd }: Pick<Faults, 'onAdd'>): (run: () => void) => void {
  return (run) =>
    onAdd((fault) => {
      // The cloud makes the pollers' calls, so faults of our processes never hit them.
      if (!('call' in fault) && liesIn('sqs.receiveMessage', fault.at)) run()
    })
}

/** The fields as JSON; the bytes of an object as the text that they are. */
function textOf({ Body, ...fields }: Fields): string {
  const text = JSON.stringify(fields)
  return Body instanceof Uint8Array ? `${text}\n${new TextDecoder().decode(Body)}` : text
}

function edgeOf({ service, operation }: Call): AwsEdge {
  const name = `${service === 'secretsmanager' ? 'secretsManager' : service}.${operation.charAt(0).toLowerCase()}${operation.slice(1)}`
  // Every operation has a name of this form. No fault matches one that is not an edge.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return name as AwsEdge
}

type Fields = Readonly<Record<string, unknown>>

interface FaultContext {
  readonly call: Call
  readonly input: Fields
  readonly run: (input?: Fields) => Promise<Fields>
  readonly clock: Clock
  readonly random: () => number
  readonly hide: HideMessage
  readonly deliverTwice: ReturnType<typeof createDeliverTwice>
  readonly disk: Pick<FailingDisk, 'during'>
}

async function applyFault(
  fault: CallFault,
  { call, input, run, clock, random, hide, deliverTwice, disk }: FaultContext,
): Promise<Fields> {
  switch (fault.kind) {
    case 'throttled':
    case 'denied':
    case 'conflict':
      throw answerFault(call, fault.kind)
    case '5xx':
      if (fault.when === 'after') await run()
      throw answerFault(call, '5xx')
    case 'timeout-before-effect':
      return silence(call, clock)
    case 'timeout-after-effect':
      await run()
      return silence(call, clock)
    case 'reset':
      if (fault.when === 'after') await run()
      throw new ConnectionLost()
    case 'slow': {
      const done = fault.when === 'after' ? await run() : undefined
      await sleep(clock, fault.ms)
      return done ?? run()
    }
    case 'crash':
    case 'killed':
    case 'timed-out':
      if (fault.when !== 'before') await run()
      stopCaller(fault)
      return silence(call, clock)
    case 'disk-full':
    case 'too-many-files':
    case 'damaged-page':
    case 'short-read':
      return disk.during(fault.kind, run)
    case 'batch-entry-failure':
      return runSomeEntries(input, run)
    case 'duplicate':
      return deliverTwice(input, run)
    case 'reordered':
      return reorder({ input, run, hide, random })
    case '429':
    case '4xx':
    case 'timeout-late-effect':
    case 'half-answer':
    case 'lost':
    case 'delayed':
      throw new Error(`"${fault.kind}" is not a fault of AWS`)
  }
}

/** Proxies between client and service close a silent connection after this time. */
const LONGEST_SILENCE_MS = 60_000

/** Does not answer until the client gives up. Then closes the connection, also for a client without a time-out. */
function silence({ signal }: Call, clock: Clock): Promise<never> {
  return new Promise((_resolve, reject) => {
    const close = (): void => {
      cancel()
      signal.removeEventListener('abort', close)
      reject(new ConnectionLost())
    }
    const cancel = clock.after(LONGEST_SILENCE_MS, close)
    if (signal.aborted) close()
    else signal.addEventListener('abort', close, { once: true })
  })
}

/** Runs a batch without every second entry, and reports those as failed, as SQS does. */
async function runSomeEntries(input: Fields, run: (input?: Fields) => Promise<Fields>): Promise<Fields> {
  const entries: readonly unknown[] = Array.isArray(input['Entries']) ? input['Entries'] : []
  const fails = (index: number): boolean => entries.length === 1 || index % 2 === 1
  const kept = entries.filter((_entry, index) => !fails(index))
  const output = kept.length > 0 ? await run({ ...input, Entries: kept }) : { Successful: [] }
  const failed: readonly unknown[] = Array.isArray(output['Failed']) ? output['Failed'] : []
  const lost = entries
    .filter((_entry, index) => fails(index))
    .map((entry) => ({ Id: idOf(entry), Code: 'InternalError', SenderFault: false, Message: 'failed by a fault' }))
  return { ...output, Failed: [...failed, ...lost] }
}

function idOf(entry: unknown): string {
  return typeof entry === 'object' && entry !== null && 'Id' in entry && typeof entry.Id === 'string' ? entry.Id : ''
}
