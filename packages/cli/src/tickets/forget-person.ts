import { randomUUID } from 'node:crypto'
import { erasePerson } from 'ticket-adapters/s3'
import {
  type DeadLetter,
  type IsMeant,
  type NamedSomewhere,
  FORGOTTEN,
  escapeToAscii,
  forgetInCase,
  forgetInLetter,
} from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { printDamage, readLetters } from '../dead-letters/read-letters.ts'
import type { Hint } from '../target.ts'
import { countOf } from '../text/layout.ts'
import { asciiJson, printableLine } from '../text/printable.ts'
import { findPerson } from './find-person.ts'
import { type ForgottenCase, forgetInTicket } from './forget-case.ts'
import { readCases } from './read-cases.ts'

export interface ForgetOptions {
  /** A whole name, or an id. */
  readonly person: string
  readonly dryRun: boolean
  readonly json?: boolean | undefined
  readonly hint: Hint
}

interface Forgotten {
  readonly person: readonly NamedSomewhere[]
  readonly dryRun: boolean
  readonly tickets: readonly ForgottenCase[]
  readonly deadLetters: number
  readonly addressBook: number
  /** Tickets in which others wrote the name: their words are left as they are. */
  readonly named: readonly string[]
  /** Objects that could not be read. */
  readonly unreadable: readonly string[]
}

/** Erases a person from all that we keep, and says what stands elsewhere. It can be interrupted and run again. */
export async function forgetPerson(system: System, context: CommandContext, options: ForgetOptions): Promise<number> {
  const { person, dryRun, json, hint } = options
  const { known, isMeant } = await findPerson(system, context, person)
  // Before anything is erased: after an interruption, each id finds the rest.
  if (!json)
    for (const { via, name, id } of known) context.print(printableLine([name, via, id ?? 'without an id'].join(', ')))
  const names = [...new Set([person, ...known.flatMap(({ name, id }) => (id === undefined ? [name] : [name, id]))])]
  const damaged: string[] = []
  const deadLetters = await forgetInLetters(system, context, { isMeant, names, dryRun, damaged })
  const cases = await forgetInCases(system, context, { isMeant, names, dryRun, damaged })
  const book = await erasePerson(system.store, ({ name, id }) => isMeant({ via: 'teams', name, id }), { dryRun })
  if (book.kind === 'unavailable') throw new CliError(`the address book is not erased yet: ${book.reason} Run it again`)
  const done = { person: known, dryRun, ...cases, deadLetters, addressBook: book.entries, unreadable: damaged }
  if (json) context.print(asciiJson(done))
  else for (const line of describeForgotten(done, { person, hint })) context.print(line)
  return damaged.length === 0 ? 0 : 1
}

interface Forgetting {
  readonly isMeant: IsMeant
  readonly names: readonly string[]
  readonly dryRun: boolean
  readonly damaged: string[]
}

async function forgetInCases(
  system: System,
  context: CommandContext,
  { isMeant, names, dryRun, damaged }: Forgetting,
): Promise<Pick<Forgotten, 'tickets' | 'named'>> {
  const tickets: ForgottenCase[] = []
  const named: string[] = []
  for await (const { key, item } of readCases(system, context, damaged)) {
    if (forgetInCase(item, isMeant) === item) {
      if (mentions(JSON.stringify(item), names)) named.push(item.id)
      continue
    }
    const forgotten = await forgetInTicket(system, context, { key, isMeant, dryRun })
    if (forgotten) tickets.push(forgotten)
  }
  return { tickets, named }
}

/** A message without a ticket is erased whole where it names the person. */
async function forgetInLetters(
  { archive, ...system }: System,
  context: CommandContext,
  { isMeant, names, dryRun, damaged }: Forgetting,
): Promise<number> {
  const changed: DeadLetter[] = []
  const unreadable = await readLetters({ archive, ...system }, context, (letter) => {
    const left = forgetInLetter(letter, isMeant, context.clock.now())
    const isNamed = left.kind === 'unreadable' && mentions(left.message.body, names)
    if (isNamed) changed.push({ ...left, message: { ...left.message, body: FORGOTTEN } })
    else if (left !== letter) changed.push(left)
  })
  printDamage(unreadable, context)
  damaged.push(...unreadable.map(({ key }) => key))
  if (!dryRun) for (const letter of changed) await rewrite(archive, letter)
  return changed.length
}

/** Of a letter that changed meanwhile, the next run erases what it holds then. */
async function rewrite(archive: System['archive'], letter: DeadLetter): Promise<void> {
  const stored = await archive.read(letter.key)
  const isSame = stored.kind === 'found' && stored.item.nonce === letter.nonce
  const written = isSame
    ? await archive.write(letter.key, { ...letter, nonce: randomUUID() }, { version: stored.version })
    : { kind: 'conflict' }
  if (written.kind !== 'written')
    throw new CliError(`not all is erased yet: the dead letter ${letter.key} could not be written. Run it again`)
}

/** As it stands in JSON, too. */
function mentions(text: string, names: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return names.some((name) => lower.includes(name.toLowerCase()) || lower.includes(escapeToAscii(name).toLowerCase()))
}

function describeForgotten(
  { person: known, dryRun, tickets, deadLetters, addressBook, named, unreadable }: Forgotten,
  { person, hint }: { readonly person: string; readonly hint: Hint },
): string[] {
  if (known.length === 0)
    return [
      `${printableLine(person)} is nowhere in what is kept`,
      ...(named.length > 0
        ? [`but the name stands in ${named.join(', ')}: a person is found by the whole name, or by an id`]
        : []),
    ]
  const would = dryRun ? 'would be erased' : 'erased'
  const onTheirWay = tickets.filter(({ isOnItsWay }) => isOnItsWay).map(({ id }) => id)
  const elsewhere = tickets.flatMap((ticket) => ticket.elsewhere.map((one) => `  ${ticket.id}  ${printableLine(one)}`))
  return [
    ...tickets.map((ticket) => describeTicket(ticket, would)),
    `${would}: ${countOf(tickets.length, 'ticket')}, ${countOf(deadLetters, 'dead letter')}, ${addressBook} in the address book`,
    ...(unreadable.length > 0 ? [`could not be read, and may name the person: ${unreadable.join(', ')}`] : []),
    ...(named.length > 0 ? [`others wrote the name; their words are left as they are: ${named.join(', ')}`] : []),
    ...(onTheirWay.length > 0
      ? [`not delivered yet; the messages in their queues hold the words until then: ${onTheirWay.join(', ')}`]
      : []),
    ...(elsewhere.length > 0 ? ['out of reach, to be erased there by hand:', ...elsewhere] : []),
    'Out of reach as well: what they wrote in Teams, Trello and Slack themselves, notices to admins, files that were',
    'exported, and messages that are in a queue now. Logs hold ids, and no names. Run it again later, it does no harm:',
    `  ${hint('tickets forget PERSON')}`,
  ]
}

function describeTicket({ id, isReporter, events, object }: ForgottenCase, would: string): string {
  const parts = [
    ...(isReporter ? ['its words and its reporter'] : []),
    ...(events > 0 ? [`their part in ${countOf(events, 'event')}`] : []),
    ...(object ? ['its object in the bucket'] : []),
  ]
  return `${id}  ${would}: ${parts.join(', ')}`
}
