import { CliError } from '../cli-error.ts'
import { printableLine } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'

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
export async function forEachLetter(context: CommandContext, { keys, done, passing, step }: Work): Promise<Tally> {
  const tally: Tally = { done: 0, settled: 0, failed: 0 }
  const say = printShortly(context)
  let begun = 0
  let ended = 0
  let inVain = 0
  const isOver = (): boolean => context.stop.aborted || inVain >= HOPELESS
  await runBounded(keys, { limit: AT_ONCE, isOver }, async (key) => {
    begun += 1
    const result = await step(key)
    inVain = result.inVain ? inVain + 1 : 0
    tally[result.end] += 1
    say(result.end, `${key}  ${printableLine(result.words)}`)
    context.progress(`${passing} ${(ended += 1)} of ${keys.length}`)
  })
  context.progress('')
  say.rest()
  const did = `${tally.done} of ${keys.length} ${done}`
  if (begun < keys.length)
    throw new CliError(
      `${context.stop.aborted ? 'interrupted' : `given up after ${HOPELESS} failures in a row`}: ${did}; run it again for the rest`,
    )
  context.print(did)
  return tally
}

/** The first lines of each kind, and how many more there were: thousands of letters are no reason for as many lines. */
function printShortly(context: CommandContext): { (kind: string, line: string): void; rest(): void } {
  const counts = new Map<string, number>()
  const say = (kind: string, line: string): void => {
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    if (count <= SHOWN) context.print(line)
  }
  const rest = (): void => {
    const left = [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - SHOWN), 0)
    if (left > 0) context.print(`… and ${left} more`)
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
