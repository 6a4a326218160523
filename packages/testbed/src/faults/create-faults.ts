import type { Interceptor } from '../simulators/intercept-calls.ts'
import { callingProcess } from '../processes/simulated-process.ts'
import { checkFault } from './check-fault.ts'
import { liesIn } from './edge.ts'
import { isCallbackPlace } from './fault-kinds.ts'
import type { CallFault, Fault, ScheduledEvent, MetCall } from './fault.ts'
import { actionOf } from './vendor-action.ts'

interface ActiveFault {
  readonly fault: Fault
  /** How many calls it has hit. */
  readonly fired: number
  /** It hits no more calls. A scheduled event is cancelled. */
  remove(): void
}

export interface Faults {
  /** Throws a TypeError or RangeError for a fault that can never happen. The error lists the allowed values. */
  add(fault: Fault): ActiveFault
  /** Removes all. */
  clear(): void
  /** Removes all faults, and forgets which of them fired. */
  forget(): void
  /**
   * Faults that never hit a call, except those with a chance below 1. A test that has some does not test what it says.
   * A fault that was removed before it hit a call counts too.
   */
  unfired(): readonly Fault[]
  /** The first fault that hits this call, counted as fired. Called by the edges. */
  meet(call: Omit<MetCall, 'by'>): CallFault | undefined
  /** Calls `run` with each fault that is added later. */
  onAdd(run: (fault: Fault) => void): void
  /** For a simulator's `intercept`. */
  readonly interceptor: Interceptor
}

/** A testbed stopped, and some of its faults had never hit a call: nothing tested them. */
export class UnfiredFaults extends Error {
  override readonly name = 'UnfiredFaults'
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    super(
      `these faults never hit a call, or never happened: ${faults.map((fault) => JSON.stringify(fault)).join(', ')}. ` +
        'Let the test make such a call, or do not add them. A fault that was removed before it hit a call counts too.',
    )
    this.faults = faults
  }
}

export interface FaultDependencies {
  /** 0 to 1, seeded. @default none: faults with a `chance` are refused */
  readonly random?: () => number
  /** Schedules an event, and calls `done` when it has happened. @default none: events and faults of processes are refused */
  readonly schedule?: (event: ScheduledEvent, done: () => void) => Cancel
}

/** Cancels an event that has not happened yet. */
type Cancel = () => void

interface Entry {
  readonly fault: Fault
  fired: number
  removed: boolean
  cancel?: Cancel
}

/** Makes an empty set of faults. They apply in the order in which they were added. */
export function createFaults({ random, schedule }: FaultDependencies = {}): Faults {
  const added: Entry[] = []
  const watchers: ((fault: Fault) => void)[] = []

  const meets = ({ fault, fired, removed }: Entry, { edge, by, text, stage }: MetCall): boolean => {
    if (stage !== undefined && (stage === 'dispatch') !== isDispatched(fault)) return false
    if (removed || isScheduled(fault) || fired >= (fault.times ?? Number.POSITIVE_INFINITY)) return false
    const isThere = 'call' in fault ? liesIn(edge, fault.call) && isOf(by, fault.at) : liesIn(edge, fault.at)
    return (
      isThere &&
      isOf(by, fault.by) &&
      [fault.ticket, fault.text].every((part) => part === undefined || text().includes(part)) &&
      (fault.chance === undefined || (random ?? refuseChance)() < fault.chance)
    )
  }

  const meet: Faults['meet'] = (call) => {
    const by = callingProcess()?.name
    const entry = added.find((each) => meets(each, { ...call, by }))
    if (!entry || isScheduled(entry.fault)) return undefined
    entry.fired += 1
    return entry.fault
  }

  return {
    add: (fault) => {
      checkFault(fault)
      if (!isScheduled(fault) && fault.chance !== undefined && !random) refuseChance()
      if (!schedule && (isScheduled(fault) || 'call' in fault)) refuseFault(fault)
      const entry: Entry = { fault, fired: 0, removed: false }
      added.push(entry)
      if (schedule && isScheduled(fault))
        entry.cancel = schedule(fault, () => {
          entry.fired += 1
        })
      for (const watch of watchers) watch(fault)
      return {
        fault,
        get fired() {
          return entry.fired
        },
        remove: () => remove(entry),
      }
    },
    clear: () => added.forEach(remove),
    forget: () => void added.splice(0),
    unfired: () => added.filter(({ fault, fired }) => fired === 0 && !isByChance(fault)).map(({ fault }) => fault),
    meet,
    onAdd: (run) => void watchers.push(run),
    interceptor: (call) => {
      const fault = meet({ edge: call.at, stage: call.stage, text: () => `${call.path}\n${call.body}` })
      return fault && { name: fault.kind, ...actionOf(fault, call.vendor) }
    },
  }
}

/** It may hit no call at all. */
function isByChance(fault: Fault): boolean {
  return !isScheduled(fault) && fault.chance !== undefined && fault.chance < 1
}

function refuseChance(): never {
  throw new Error('A fault with a chance needs a seed: the testbed on the virtual clock has one.')
}

function refuseFault({ at, kind }: Fault): never {
  throw new Error(`The fault "${at} ${kind}" needs the virtual clock: start the testbed with { clock: 'virtual' }.`)
}

function remove(entry: Entry): void {
  entry.removed = true
  entry.cancel?.()
}

/** It hits events before they are sent as callbacks. */
function isDispatched({ at, kind }: Fault): boolean {
  return isCallbackPlace(at) && ['lost', 'duplicate', 'delayed', 'reordered'].includes(kind)
}

function isScheduled(fault: Fault): fault is ScheduledEvent {
  return fault.at === 'clock' || fault.at === 'secret'
}

function isOf(by: string | undefined, place: string | undefined): boolean {
  return place === undefined || (by !== undefined && liesIn(by, place))
}
