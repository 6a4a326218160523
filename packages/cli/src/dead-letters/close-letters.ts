import { randomUUID } from 'node:crypto'
import { createClose, type Closed } from '@ticketing/dead-letters'
import type { System } from '../connect.ts'
import type { CommandContext } from '../command.ts'
import { besideJson } from '../print-target.ts'
import { asciiJson } from '../text/printable.ts'
import { findCauses, NONE } from './cause.ts'
import { printDamage } from './read-letters.ts'
import { type Step, forEachLetter } from './for-each-letter.ts'

export interface CloseOptions {
  readonly keys: readonly string[]
  readonly cause?: string | undefined
  readonly because: string
  readonly dryRun: boolean
  readonly json?: boolean | undefined
}

/** Closes the named letters, or the waiting ones of one cause. Prints the result of each. */
export async function closeLetters(system: System, context: CommandContext, options: CloseOptions): Promise<number> {
  const { because, dryRun, json } = options
  const people = besideJson(context, json)
  const { keys, problems } = await choose(system, context, options)
  if (keys.length === 0) {
    people.print(NONE.waiting)
    if (json) context.print(asciiJson({ letters: [] }))
    return problems === 0 ? 0 : 1
  }
  const close = createClose({
    archive: system.archive,
    ledgers: system.ledgers,
    clock: context.clock,
    log: { write: () => undefined },
    newNonce: randomUUID,
  })
  const tally = await forEachLetter(context, {
    keys,
    done: dryRun ? 'would be closed' : 'closed',
    passing: dryRun ? 'looked at' : 'closed',
    json,
    step: async (key) => toStep(await close(key, { because, dryRun }), dryRun),
  })
  return problems + tally.failed === 0 ? 0 : 1
}

async function choose(
  system: System,
  context: CommandContext,
  { keys, cause }: CloseOptions,
): Promise<{ keys: readonly string[]; problems: number }> {
  if (cause === undefined) return { keys, problems: 0 }
  const { causes, damaged } = await findCauses(system, context, { cause })
  printDamage(damaged, context)
  return { keys: causes.flatMap(({ letters }) => letters.map(({ key }) => key)), problems: damaged.length }
}

/** The operator has looked at the letter. If it has changed since, that is a failure. */
function toStep(result: Closed, dryRun: boolean): Step {
  switch (result.kind) {
    case 'closed':
      return { end: 'done', words: dryRun ? 'would be closed' : 'closed', isTransient: false }
    case 'refused':
      return { end: 'failed', words: `refused: ${result.reason}`, isTransient: false }
    case 'try-again': {
      const words = `${result.written === 'no' ? 'not closed' : 'perhaps not closed'}: ${result.reason} Run it again`
      return { end: 'failed', words, isTransient: true }
    }
  }
}
