import type { Case } from './case.ts'
import type { DeadLetter } from './dead-letter.ts'
import { readEvent, writeEvent } from './event.ts'
import { asShape, type Shape } from './json-shape.ts'
import type { Reporter, Ticket } from './ticket.ts'
import { writeEnvelope } from './write-envelope.ts'

/** A person as a case or a letter names them. */
export interface NamedSomewhere {
  readonly via: string
  readonly name: string
  readonly id?: string
}

/** Whether this is the person to forget. */
export type IsMeant = (person: NamedSomewhere) => boolean

/** Stands where a forgotten person's name or words stood. */
export const FORGOTTEN = '(forgotten)'

/**
 * A case without a person: their name wherever they took part, and every text that they wrote. The events stay, with their
 * ids, times and kinds, so that the state stays what it is. The same case when the person is not in it.
 */
export function forgetInCase(known: Case, isMeant: IsMeant): Case {
  const isTheirs = isReportedBy(known.ticket, isMeant)
  const standIn = standInFor(known)
  const events = known.events.map((event) => forgetInEvent(event, { isMeant, isTheirs, standIn }))
  const isSame = !isTheirs && events.every((event, at) => event === known.events[at])
  return isSame ? known : { ...known, ticket: isTheirs ? forgetWords(known.ticket) : known.ticket, events }
}

/** Where others were forgotten before, another name: two people must not become one, or the state would change. */
function standInFor(known: Case): string {
  const taken = new Set(peopleIn(known).map(({ name }) => name))
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? FORGOTTEN : `(forgotten ${number})`
    if (!taken.has(name)) return name
  }
}

/** Whether the person reported a ticket: then its words are theirs. */
export function isReportedBy({ reporter }: Ticket, isMeant: IsMeant): boolean {
  return reporter !== undefined && isMeant(personOfReporter(reporter))
}

/** A ticket without its reporter and its words. */
export function forgetWords({ reporter: _reporter, steps: _steps, ...ticket }: Ticket): Ticket {
  return { ...ticket, title: FORGOTTEN, description: FORGOTTEN, links: [] }
}

/** Whether the words of a ticket were erased, with its reporter. */
export function isForgotten({ title, description, reporter }: Ticket): boolean {
  return title === FORGOTTEN && description === FORGOTTEN && reporter === undefined
}

/**
 * A dead letter without a person; the same one when they are not in it. A ticket of theirs has no words any more, so it
 * cannot be sent again: it is closed, and says why.
 */
export function forgetInLetter(letter: DeadLetter, isMeant: IsMeant, now: number): DeadLetter {
  const { ticket, event, message, life } = letter
  if (ticket && isReportedBy(ticket, isMeant)) {
    const left = forgetWords(ticket)
    const envelope = writeEnvelope({ ticket: left, life })
    const closed = letter.closed ?? { at: now, because: 'the person who wrote it was forgotten' }
    const body = envelope.ok ? envelope.value : FORGOTTEN
    return { ...letter, ticket: left, forgottenAt: now, closed, message: { ...message, body } }
  }
  if (!event) return letter
  const left = forgetInEvent(event, { isMeant, isTheirs: false, standIn: FORGOTTEN })
  const read = left === event ? undefined : readEvent(left)
  if (!read?.ok) return letter
  const written = writeEvent(read.value)
  return { ...letter, event: read.value, message: { ...message, body: written.ok ? written.value : FORGOTTEN } }
}

/** Everyone whom a ticket and its events name. */
export function peopleIn({
  ticket,
  events,
}: {
  readonly ticket?: Ticket | undefined
  readonly events: readonly unknown[]
}): readonly NamedSomewhere[] {
  return [
    ...(ticket?.reporter ? [personOfReporter(ticket.reporter)] : []),
    ...events.flatMap((event) => Object.values(asShape(event) ?? {}).flatMap((value) => readNamed(value) ?? [])),
  ]
}

function personOfReporter({ name, aadObjectId }: Reporter): NamedSomewhere {
  return { via: 'teams', name, ...(aadObjectId !== undefined && { id: aadObjectId }) }
}

function readNamed(value: unknown): NamedSomewhere | undefined {
  const { via, name, id } = asShape(value) ?? {}
  if (typeof via !== 'string' || typeof name !== 'string') return undefined
  return { via, name, ...(typeof id === 'string' && { id }) }
}

/** What an event is, whatever its kind: no words of a person. `to` is a priority or a step, `stage` a list of the board. */
const STRUCTURE: ReadonlySet<string> = new Set(['id', 'ticket', 'source', 'kind', 'to', 'stage'])

/** Also events of kinds that this version does not know. `isTheirs`: the ticket's words are the person's. */
function forgetInEvent(
  event: unknown,
  { isMeant, isTheirs, standIn }: { readonly isMeant: IsMeant; readonly isTheirs: boolean; readonly standIn: string },
): unknown {
  const shape = asShape(event)
  if (!shape) return event
  const by = readNamed(shape['by'])
  const isWritten = (by !== undefined && isMeant(by)) || (isTheirs && shape['kind'] === 'edited')
  const left: Shape = Object.fromEntries(
    Object.entries(shape).map(([name, value]) => [name, forgetValue(value, { name, isMeant, isWritten, standIn })]),
  )
  return Object.entries(left).every(([name, value]) => value === shape[name]) ? event : left
}

function forgetValue(
  value: unknown,
  {
    name,
    isMeant,
    isWritten,
    standIn,
  }: { readonly name: string; readonly isMeant: IsMeant; readonly isWritten: boolean; readonly standIn: string },
): unknown {
  const person = readNamed(value)
  if (person) return isMeant(person) ? { via: person.via, name: standIn } : value
  const isWords = typeof value === 'string' || typeof value === 'object'
  return isWritten && isWords && !STRUCTURE.has(name) ? FORGOTTEN : value
}
