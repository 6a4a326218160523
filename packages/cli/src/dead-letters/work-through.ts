import { CliError } from '../cli-error.ts'
import { printableLine } from '../text/printable.ts'
import type { World } from '../world.ts'

/** Letters at the same time. */
const AT_ONCE = 8
/** Lines of one kind before it is only counted. */
const SHOWN = 20
/** So many in a row that cannot be known or done just now: the cloud is down, and the rest would fare no better. */
const HOPELESS = 16

/** What became of one letter. */
export interface Step {
  /** `settled`: refused because nothing is left to do. */
  readonly end: 'done' | 'settled' | 'failed'
  readonly words: string
  /** Not possible just now: the next one may fare no better. */
  readonly inVain: boolean
}

export interface Work {
  readonly keys: readonly string[]
  /** What is said of those that are done: "redriven", "would be redriven". */
  readonly done: string
  /** What is said while it goes on: "redriven", "looked at". */
  readonly passing: string
  readonly step: (key: string) => Promise<Step>
}

export type Tally = Record<Step['end'], number>

/** Takes one step with each letter, says what became of each and of all. Throws when it did not come to the end. */
export async function workThrough(world: World, { keys, done, passing, step }: Work): Promise<Tally> {
  const tally: Tally = { done: 0, settled: 0, failed: 0 }
  const say = sayShortly(world)
  let begun = 0
  let ended = 0
  let inVain = 0
  const isOver = (): boolean => world.stop.aborted || inVain >= HOPELESS
  await runBounded(keys, { limit: AT_ONCE, isOver }, async (key) => {
    begun += 1
    const result = await step(key)
    inVain = result.inVain ? inVain + 1 : 0
    tally[result.end] += 1
    say(result.end, `${key}  ${printableLine(result.words)}`)
    world.progress(`${passing} ${(ended += 1)} of ${keys.length}`)
  })
  world.progress('')
  say.rest()
  const did = `${tally.done} of ${keys.length} ${done}`
  if (begun < keys.length)
    throw new CliError(
      `${world.stop.aborted ? 'interrupted' : `given up after ${HOPELESS} failures in a row`}: ${did}; run it again for the rest`,
    )
  world.say(did)
  return tally
}

/** The first lines of each kind, and how many more there were: thousands of letters are no reason for as many lines. */
function sayShortly(world: World): { (kind: string, line: string): void; rest(): void } {
  const counts = new Map<string, number>()
  const say = (kind: string, line: string): void => {
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    if (count <= SHOWN) world.say(line)
  }
  const rest = (): void => {
    const left = [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - SHOWN), 0)
    if (left > 0) world.say(`… and ${left} more`)
  }
  return Object.assign(say, { rest })
}

/** Runs over all items, at most `limit` at a time; after `isOver` says so none is begun, and those begun are awaited. */
async function runBounded<Item>(
  items: readonly Item[],
  { limit, isOver }: { readonly limit: number; readonly isOver: () => boolean },
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (isOver()) return
      await run(item)
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
}
