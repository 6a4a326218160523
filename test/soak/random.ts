import { createHash } from 'node:crypto'

/** Chance with a seed: the same seed and name draw the same numbers. */
export interface Random {
  /** From `low` up to, but not including, `high`. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<const Items extends readonly [unknown, ...unknown[]]>(items: Items): Items[number]
  shuffle<Item>(items: readonly Item[]): Item[]
  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name
  /** The wait until the next of many independent events, which come every `mean` on average. */
  wait(mean: number): number
}

/** One stream of chance; streams of different names do not disturb each other. */
export function createRandom(seed: number, name: string): Random {
  let state = createHash('sha256').update(`${seed}/${name}`).digest().readUInt32LE()
  // Mulberry32. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    shuffle: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ item }) => item),
    weighted(weights) {
      const names = namesOf(weights)
      const sum = names.reduce((total, each) => total + weights[each], 0)
      let left = next() * sum
      const found = names.find((each) => (left -= weights[each]) < 0) ?? names[0]
      if (found === undefined) throw new RangeError('nothing to choose from')
      return found
    },
    wait: (mean) => -Math.log(1 - next()) * mean,
  }
}

function namesOf<Name extends string>(weights: Readonly<Record<Name, number>>): Name[] {
  const names: Name[] = []
  for (const name in weights) names.push(name)
  return names
}
