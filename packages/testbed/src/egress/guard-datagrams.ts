import { Socket } from 'node:dgram'
import { isLocalHost } from './local-hosts.ts'
import type { Refuse } from './egress-refused.ts'

/** UDP: StatsD, direct DNS queries, multicast. Without an address Node sends to this machine. */
export function guardDatagrams(refuse: Refuse): void {
  for (const name of ['send', 'connect'] as const) {
    const original = Socket.prototype[name]
    Reflect.set(Socket.prototype, name, function guardedDatagram(this: Socket, ...args: unknown[]): unknown {
      // send(message, [offset, length,] port, address, done); connect(port, address, done). Only the address is a string.
      const at = args.findIndex((each, index) => index > 0 && typeof each === 'string')
      const host = args[at]
      if (typeof host !== 'string' || refuse.isAllowed(host) || isLocalHost(host))
        return Reflect.apply(original, this, args)
      const error = refuse.because(`${host}:${String(args[at - 1])}`)
      const done = args.at(-1)
      process.nextTick(() => {
        if (typeof done === 'function') done(error)
        else this.emit('error', error)
      })
      return undefined
    })
  }
}
