import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { getCallSites, type CallSiteObject } from 'node:util'
import { fileURLToPath } from 'node:url'
import { callingProcess, type SimulatedProcess } from './simulated-process.ts'

/** Code of a simulated process used real time, which the virtual clock cannot move. */
export class RealTimeUsed extends Error {
  override readonly name = 'RealTimeUsed'

  constructor(process: string, call: string, site: string) {
    super(
      `${process} used real time: ${call}, called at ${site}. ` +
        'The virtual clock cannot move it: use now() and after() of the clock that was passed in.',
    )
  }
}

/** The forbidden use of a function. `construct` is `new Date()` without arguments: `new Date(0)` does not read the time. */
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
  // Guarded last and restored first: `Date.now` is guarded on the real `Date`.
  [globalThis, 'Date', 'new Date()', 'construct'],
]

let users = 0
let restore: (() => void)[] = []

/**
 * Until the returned function is called, code of simulated processes that uses real time fails with {@link RealTimeUsed}.
 * Libraries may use it for their own purposes, and so may all other code of this process.
 */
export function forbidRealTime(): () => void {
  if (users === 0) {
    restore = FORBIDDEN.map(guard)
    // Named imports of Node's modules change only by this call.
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
  if (typeof original !== 'function') throw new TypeError(`${call} is not a function here`)
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
      throw new TypeError(`${call} returned no object`)
    },
  })
  Object.defineProperty(owner, name, {
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? true,
    value: guarded,
  })
  return () => {
    // Other code may have replaced it since.
    if (Reflect.get(owner, name) !== guarded) return
    if (own) Object.defineProperty(owner, name, own)
    else Reflect.deleteProperty(owner, name)
  }
}

/** The trap of the proxy, and `refuse`. */
const OWN_FRAMES = 2

function refuse(process: SimulatedProcess, call: string): void {
  // Reads one frame only: libraries call often.
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
