/** All random values of a testbed, from one seed: the same seed gives the same run. */
export interface Random {
  /** 0 (included) to 1 (excluded). */
  readonly next: () => number
  readonly bytes: (size: number) => Uint8Array
  readonly uuid: () => string
}

/** A generator of 32 bits of state: mulberry32, public domain. Not for secrets. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const bytes = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => word() & 0xff)
  return {
    next: () => word() / 2 ** 32,
    bytes,
    uuid() {
      const hex = Buffer.from(bytes(16)).toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
    },
  }
}
