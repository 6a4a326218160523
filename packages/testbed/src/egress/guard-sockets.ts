import { Socket, type LookupFunction } from 'node:net'
import { isLocalHost, isLoopback } from './local-hosts.ts'
import type { Refuse } from './egress-refused.ts'

/**
 * Checks every TCP connection of this process: http, https, http2, tls, fetch, WebSocket and every SDK end at
 * `Socket.prototype.connect`. A refused socket fails like a failed name look-up, by Node's own code: the caller
 * sees an ordinary connection error, and no packet leaves. Pipes and Unix sockets pass.
 */
export function guardSockets(refuse: Refuse): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with the socket it was called on
  const { connect } = Socket.prototype
  Reflect.set(Socket.prototype, 'connect', function guardedConnect(this: Socket, ...args: unknown[]): unknown {
    const target = readTarget(args)
    // Node checks the same: http passes `path: null`.
    if (target.path) return Reflect.apply(connect, this, args)
    const host = target.host || 'localhost'
    if (refuse.isAllowed(host)) return Reflect.apply(connect, this, args)
    const origin = `${host.includes(':') ? `[${host}]` : host}:${String(target.port)}`
    if (!isLocalHost(host)) return Reflect.apply(connect, this, failing(args, refuse.because(origin)))
    if (!target.lookup) return Reflect.apply(connect, this, args)
    const lookup = keepLocal(target.lookup, () => refuse.because(origin))
    return Reflect.apply(connect, this, replaced(args, { lookup }))
  })
}

interface Target {
  readonly host?: string | undefined
  readonly port?: unknown
  readonly path?: string | null | undefined
  readonly lookup?: LookupFunction | undefined
}

/** The forms of https://nodejs.org/api/net.html#socketconnect, and the list that Node's own `net.connect` has made of them. */
function readTarget(args: readonly unknown[]): Target {
  const [first, second] = args
  if (Array.isArray(first)) return readTarget(first)
  if (isOptions(first)) return first
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { path: first }
  return { port: first, host: typeof second === 'string' ? second : undefined }
}

function isOptions(value: unknown): value is Target {
  return typeof value === 'object' && value !== null
}

/** The same call with other options, in the form in which it came. */
function replaced(args: readonly unknown[], changes: object): unknown[] {
  const [first] = args
  if (Array.isArray(first)) {
    // Node marks its own list by a symbol.
    const inner: unknown = first[0]
    first[0] = { ...(isOptions(inner) ? inner : {}), ...changes }
    return [first]
  }
  const callback = args.findLast((each) => typeof each === 'function')
  return [{ ...readTarget(args), ...changes }, ...(callback === undefined ? [] : [callback])]
}

/** The same call, with a name whose look-up fails. */
function failing(args: readonly unknown[], error: Error): unknown[] {
  const lookup: LookupFunction = (_name, _options, done) => {
    const callback: (error: Error, address: string) => void = done
    callback(error, '')
  }
  return replaced(args, { host: 'egress.invalid', lookup })
}

/** A custom look-up may return any address, also for a local name. */
function keepLocal(lookup: LookupFunction, refuse: () => Error): LookupFunction {
  return (name, options, done) =>
    lookup(name, options, (error, address, family) => {
      const all = typeof address === 'string' ? [address] : (address ?? []).map((each) => each.address)
      if (error || all.every(isLoopback)) done(error, address, family)
      else done(Object.assign(refuse(), { syscall: 'connect' }), '')
    })
}
