import { erasePerson } from 'ticket-adapters/s3'
import { type IsMeant, type NamedSomewhere, isNamed, peopleIn } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { readLetters } from '../dead-letters/read-letters.ts'
import { printableLine } from '../text/printable.ts'
import { readCases } from './read-cases.ts'

/** The person that an operator named, as they stand in what we keep. */
export interface FoundPerson {
  readonly isMeant: IsMeant
  /** Every name and id that is theirs. */
  readonly known: readonly NamedSomewhere[]
}

/**
 * Finds everyone of a name, or of an id, in all cases, dead letters and the address book. A name brings its ids along, so
 * that the person is found where an older name stands. Two ids of one place are two people: then nothing is done.
 */
export async function findPerson(system: System, context: CommandContext, asked: string): Promise<FoundPerson> {
  const found = new Map<string, NamedSomewhere>()
  const look = (one: NamedSomewhere): void => {
    if (one.id === asked || isNamed(one, asked)) found.set(JSON.stringify([one.via, one.id, one.name]), one)
  }
  // What cannot be read is reported where it is worked on.
  for await (const { item } of readCases(system, quiet(context), [])) peopleIn(item).forEach(look)
  await readLetters(system, context, ({ ticket, event }) =>
    peopleIn({ ticket, events: event ? [event] : [] }).forEach(look),
  )
  const book = await erasePerson(
    system.store,
    ({ name, id }) => {
      look({ via: 'teams', name, id })
      return false
    },
    { dryRun: true },
  )
  if (book.kind === 'unavailable') throw new CliError(`the address book could not be read: ${book.reason}`)
  const known = [...found.values()]
  refuseSeveral(asked, known)
  const ids = new Set(known.map(({ id }) => id).filter((id) => id !== undefined))
  return {
    known,
    isMeant: (one) => (one.id !== undefined && ids.has(one.id)) || one.id === asked || isNamed(one, asked),
  }
}

function quiet(context: CommandContext): CommandContext {
  return { ...context, printError: () => undefined }
}

function refuseSeveral(asked: string, known: readonly NamedSomewhere[]): void {
  for (const [via, people] of Map.groupBy(known, (one) => one.via)) {
    const ids = new Set(people.flatMap(({ id }) => id ?? []))
    if (ids.size < 2) continue
    const lines = [...ids].map((id) => `  ${printableLine(id)}`)
    throw new CliError(
      [`several people of ${via} are called ${printableLine(asked)}; name one by the id:`, ...lines].join('\n'),
    )
  }
}
