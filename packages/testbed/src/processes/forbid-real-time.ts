import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { getCallSites } from 'node:util'
import type { CallSiteObject } from 'node:util'
import { fileURLToPath } from 'node:url'
import { callingProcess } from './simulated-process.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** Code of a simulated process asked the machine for the time, which the virtual clock neither knows nor moves. */
export class RealTimeUsed extends Error {
  override readonly name = 'RealTimeUsed'

  constructor(process: string, call: string, site: string) {
    super(
      `${process} used real time: ${call}, called at ${site}. ` +
        'On the virtual clock that time stands for nothing: use the clock that was passed in, its now() and after().',
    )
  }
}

/** What is forbidden of a function: `construct` is `new Date()`, since `new Date(0)` asks nobody for the time. */
type Use = 'call' | 'construct'

const FORBIDDEN: readonly (readonly [owner: object, name: string, call: string, use?: Use])[] = [
  [globalThis, 'setTimeout', 'setTimeout()'],
  [globalThis, 'setInterval', 'setInterval()'],
  [Date, 'now', 'Date.now()'],
  [performance, 'now', 'performance.now()'],
  [AbortSignal, 'timeout', 'AbortSignal.timeout()'],
  [timers, 'setTimeout', 'setTimeout() of node:timers'],
  [timers, 'setInterval', 'setInterval() of node:timers'],
  [timersPromises, 'setTimeout', 'setTimeout() of node:timers/promises'],
  [timersPromises, 'setInterval', 'setInterval() of node:timers/promises'],
  [timersPromises.scheduler, 'wait', 'scheduler.wait()'],
  [process.hrtime, 'bigint', 'process.hrtime.bigint()'],
  [process, 'hrtime', 'process.hrtime()'],
  // Last to be guarded, first to be given back: `Date.now` is guarded on the real one.
  [globalThis, 'Date', 'new Date()', 'construct'],
]

let users = 0
let restore: (() => void)[] = []

/**
 * From now on code of simulated processes that asks the machine for the time fails with {@link RealTimeUsed}, until
 * whoever asked for that has called the returned function. Libraries may ask: what they time is their own. Everybody
 * else in this process is let through.
 */
export function forbidRealTime(): () => void {
  if (users === 0) {
    restore = FORBIDDEN.map(guard)
    // What was imported by name from a module of Node's follows only so.
    syncBuiltinESMExports()
  }
  users += 1
  let isLifted = false
  return () => {
    if (isLifted) return
    isLifted = true
    users -= 1
    if (users > 0) return
    for (const each of restore.toReversed()) each()
    syncBuiltinESMExports()
  }
}

function guard([owner, name, call, use = 'call']: (typeof FORBIDDEN)[number]): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name)
  const original: unknown = Reflect.get(owner, name)
  if (typeof original !== 'function') throw new TypeError(`${call} is no function of this machine`)
  const guarded: unknown = new Proxy(original, {
    apply(target, self, args) {
      const process = callingProcess()
      if (process) refuse(process, use === 'call' ? call : `${name}()`)
      const result: unknown = Reflect.apply(target, self, args)
      return result
    },
    construct(target, args, newTarget) {
      const process = callingProcess()
      if (process && use === 'construct' && args.length === 0) refuse(process, call)
      const made: unknown = Reflect.construct(target, args, newTarget)
      if (typeof made === 'object' && made !== null) return made
      throw new TypeError(`${call} made no object`)
    },
  })
  Object.defineProperty(owner, name, {
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? true,
    value: guarded,
  })
  return () => {
    // Somebody else may have put his own in its place.
    if (Reflect.get(owner, name) !== guarded) return
    if (own) Object.defineProperty(owner, name, own)
    else Reflect.deleteProperty(owner, name)
  }
}

/** The proxy's trap, and this. */
const OWN_FRAMES = 2

function refuse(process: SimulatedProcess, call: string): void {
  // The only frame that is needed: libraries ask often.
  const [site] = getCallSites(OWN_FRAMES + 1).slice(OWN_FRAMES)
  if (!site || !isOurs(site)) return
  const place = describeSite(getCallSites(OWN_FRAMES + 1, { sourceMap: true })[OWN_FRAMES] ?? site)
  const error = new RealTimeUsed(process.name, call, place)
  process.reportViolation(error)
  throw error
}

function isOurs({ scriptName }: CallSiteObject): boolean {
  return scriptName !== '' && !scriptName.startsWith('node:') && !/[/\\]node_modules[/\\]/.test(scriptName)
}

function describeSite({ scriptName, lineNumber, columnNumber, functionName }: CallSiteObject): string {
  const path = scriptName.startsWith('file:') ? fileURLToPath(scriptName) : scriptName
  const place = `${path}:${lineNumber}:${columnNumber}`
  return functionName === '' ? place : `${functionName} (${place})`
}
