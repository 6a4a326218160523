import type { Tally } from './subject.ts'

/** Values that one worker writes one after the other under one name: the last acknowledged must be there, or the one that was on its way. */
export interface Chains {
  extend(name: string, write: (name: string, value: string) => Promise<void>): Promise<void>
  check(read: (name: string) => Promise<string | undefined>): Promise<void>
}

export function createChains(tally: Tally): Chains {
  const acknowledged = new Map<string, number>()
  const sent = new Map<string, number>()
  return {
    async extend(name, write) {
      const next = (sent.get(name) ?? 0) + 1
      sent.set(name, next)
      await write(name, String(next))
      acknowledged.set(name, next)
      tally.acknowledged += 1
    },
    async check(read) {
      for (const [name, last] of sent) {
        const certain = acknowledged.get(name) ?? 0
        const found = Number((await read(name)) ?? 0)
        if (found !== certain && found !== last) tally.lost.push(`${name}: ${found} in place of ${certain}`)
        acknowledged.set(name, found)
        sent.set(name, found)
      }
    },
  }
}
