import dns from 'node:dns'
import { isIP } from 'node:net'
import { isLocalHost } from './local-hosts.ts'
import type { Refuse } from './egress-refused.ts'

/** A DNS query leaves the machine too, and shows the name to a server. */
export function guardNames(refuse: Refuse): void {
  guardMethods({ owner: dns, names: ['lookup'], refuse, mayPass: staysHere })
  guardMethods({ owner: dns.promises, names: ['lookup'], refuse, mayPass: staysHere })
  // These always query a name server, even for localhost.
  const owners = [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]
  for (const owner of owners) {
    const names = methodsOf(owner).filter((name) => /^resolve|^reverse$|^lookupService$/.test(name))
    guardMethods({ owner, names, refuse, mayPass: () => false })
  }
}

function staysHere(host: string): boolean {
  return isIP(host) !== 0 || isLocalHost(host)
}

function methodsOf(owner: object): string[] {
  const names = new Set<string>()
  for (let each: object | null = owner; each && each !== Object.prototype; each = Reflect.getPrototypeOf(each)) {
    for (const name of Object.getOwnPropertyNames(each)) names.add(name)
  }
  return [...names].filter((name) => typeof Reflect.get(owner, name) === 'function')
}

interface Guarded {
  readonly owner: object
  readonly names: readonly string[]
  readonly refuse: Refuse
  readonly mayPass: (host: string) => boolean
}

/** A refused call fails in its own style: by its callback, or by a rejected promise. */
function guardMethods({ owner, names, refuse, mayPass }: Guarded): void {
  for (const name of names) {
    const original: unknown = Reflect.get(owner, name)
    if (typeof original !== 'function') continue
    Reflect.set(owner, name, function guardedName(this: unknown, ...args: unknown[]): unknown {
      const [asked] = args
      // An empty name makes no request, and Node refuses anything but a string.
      if (typeof asked !== 'string' || asked === '' || refuse.isAllowed(asked) || mayPass(asked))
        return Reflect.apply(original, this, args)
      const error = Object.assign(refuse.because(asked), { syscall: name, hostname: asked })
      const callback = args.at(-1)
      if (typeof callback !== 'function') return Promise.reject(error)
      process.nextTick(callback, error)
      return {}
    })
  }
}
