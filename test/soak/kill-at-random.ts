import { setTimeout as sleep } from 'node:timers/promises'
import type { Lane } from 'ticket-core'
import type { Interceptor } from '@ticketing/testbed'
import { killProcess } from './function-hosts.ts'
import type { Random } from './random.ts'
import type { Recorder } from './recorder.ts'
import type { SoakSystem } from './start-system.ts'

/** A function dies at any time, or while a vendor has its call in hand. */
const TARGETS = ['cloud', 'server A', 'server B', 'function', 'function in a call'] as const

export interface Killing {
  /** How many were killed, by name. */
  readonly counts: ReadonlyMap<string, number>
  stop(): Promise<void>
}

/** `kill -9`s parts of the system at random, every `every` seconds on average, until it is stopped. */
export function startKilling(
  system: SoakSystem,
  { random, recorder }: { random: Random; recorder: Recorder },
  every: number,
): Killing {
  const counts = new Map<string, number>()
  const stopping = new AbortController()
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)
  const inCall = armInCall(system, { random, recorder, count })

  const killFunction = async (): Promise<void> => {
    const [first, ...rest] = await system.findHosts()
    if (!first) return
    const { pid, name } = random.pick([first, ...rest])
    if (!killProcess(pid)) return
    recorder.note('killed', { process: `function ${name}`, pid })
    count(`function ${name}`)
  }
  const strike = async (target: (typeof TARGETS)[number]): Promise<void> => {
    switch (target) {
      case 'function':
        return killFunction()
      case 'function in a call':
        return inCall.arm()
      case 'cloud':
      case 'server A':
      case 'server B':
        if ([system.cloud, ...system.servers].find(({ name }) => name === target)?.kill()) count(target)
    }
  }
  const run = async (): Promise<void> => {
    // Round by round in a fresh order: also in a short run each is killed.
    for (let round = random.shuffle(TARGETS); !stopping.signal.aborted;) {
      await sleep(1000 * random.wait(every), undefined, { signal: stopping.signal }).catch(() => {})
      const target = round.pop()
      if (target !== undefined && !stopping.signal.aborted) await strike(target)
      if (round.length === 0) round = random.shuffle(TARGETS)
    }
  }
  const running = run()
  return {
    counts,
    async stop() {
      stopping.abort()
      await running
      await inCall.disarm()
    },
  }
}

/** Each vendor's calls, and whose they are. A notice to the admin is a call of Slack as well. */
const CALLERS: Readonly<Record<string, readonly Lane[]>> = {
  'trello.createCard': ['medium'],
  'trello.listCards': ['medium'],
  'trello.updateCard': ['medium'],
  'trello.addComment': ['medium'],
  'slack.postMessage': ['high', 'dead'],
  'workflows.postCard': ['news'],
}

/**
 * Once armed, the next call of a vendor kills the processes that may have made it, before or after the vendor did what it was
 * asked, and is never answered.
 */
function armInCall(
  { vendors, findHosts }: SoakSystem,
  { random, recorder, count }: { random: Random; recorder: Recorder; count: (name: string) => void },
): { arm(): void; disarm(): Promise<void> } {
  let isArmed = false
  const open = new Set<Promise<void>>()
  const killCallers = async (names: readonly Lane[], at: string): Promise<void> => {
    for (const { pid, name } of await findHosts()) {
      if (!names.includes(name) || !killProcess(pid)) continue
      recorder.note('killed', { process: `function ${name}`, pid, at })
      count(`function ${name}, in a call`)
    }
  }
  const interceptor: Interceptor = ({ at }) => {
    const names = CALLERS[at]
    if (!isArmed || !names) return undefined
    isArmed = false
    const killing = killCallers(names, at).finally(() => open.delete(killing))
    open.add(killing)
    return { name: 'killed-in-call', kind: 'silence', when: random.pick(['before', 'after']) }
  }
  const takeAway = [vendors.trello, vendors.slack, vendors.workflows].map((simulator) =>
    simulator.intercept(interceptor),
  )
  return {
    arm: () => void (isArmed = true),
    async disarm() {
      isArmed = false
      for (const remove of takeAway) remove()
      await Promise.all(open)
    },
  }
}
