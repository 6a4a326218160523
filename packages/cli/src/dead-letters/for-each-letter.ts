import { CliError } from '../cli-error.ts'
import { besideJson } from '../print-target.ts'
import { asciiJson, printableLine } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'
import { forEachConcurrently } from '../for-each-concurrently.ts'

/** Letters in parallel. */
const CONCURRENCY = 8
/** Lines of one kind that are printed; more are only counted. */
const SHOWN = 20
/** Transient failures in a row before giving up: AWS is down. */
const MAX_FAILURES = 16

/** The result of one letter. */
export interface Step {
  /** `settled`: refused because nothing is left to do. */
  readonly end: 'done' | 'settled' | 'failed'
  readonly words: string
  /** A transient failure: the next letter may fail too. */
  readonly isTransient: boolean
}

export interface Work {
  readonly keys: readonly string[]
  /** The words for those that are done: "redriven", "would be redriven". */
  readonly done: string
  /** The words of the progress line: "redriven", "looked at". */
  readonly passing: string
  readonly step: (key: string) => Promise<Step>
  /** Prints one JSON object; the lines for people go to standard error. */
  readonly json?: boolean | undefined
}

export type Tally = Record<Step['end'], number>

/** Runs the step for each letter. Prints the result of each and a summary. Throws if it stopped early. */
export async function forEachLetter(
  context: CommandContext,
  { keys, done, passing, step, json }: Work,
): Promise<Tally> {
  const people = besideJson(context, json)
  const letters: { readonly key: string; readonly result: Step['end']; readonly words: string }[] = []
  const tally: Tally = { done: 0, settled: 0, failed: 0 }
  const say = createLimitedPrint(people)
  let begun = 0
  let ended = 0
  let isTransient = 0
  const isOver = (): boolean => context.stop.aborted || isTransient >= MAX_FAILURES
  await forEachConcurrently(keys, { limit: CONCURRENCY, isOver }, async (key) => {
    begun += 1
    const result = await step(key)
    isTransient = result.isTransient ? isTransient + 1 : 0
    tally[result.end] += 1
    letters.push({ key, result: result.end, words: result.words })
    say(result.end, `${key}  ${printableLine(result.words)}`)
    context.progress(`${passing} ${(ended += 1)} of ${keys.length}`)
  })
  context.progress('')
  say.rest()
  const did = `${tally.done} of ${keys.length} ${done}`
  if (json) context.print(asciiJson({ letters, ...tally, left: keys.length - begun }))
  if (begun < keys.length)
    throw new CliError(
      `${context.stop.aborted ? 'interrupted' : `given up after ${MAX_FAILURES} failures in a row`}: ${did}; run it again for the rest`,
    )
  people.print(did)
  return tally
}

/** Prints the first lines of each kind, and then counts: thousands of letters must not print thousands of lines. */
function createLimitedPrint(context: CommandContext): { (kind: string, line: string): void; rest(): void } {
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
