import type { Person } from './event.ts'
import { normaliseLine } from './normalise-text.ts'
import { digest } from './ticket-id.ts'

/**
 * The address book: the people of a team, from their own signed messages. Each is a small object that is written once.
 * Its key holds digests only, in an order that finds a person by the whole name, or by the first one:
 *
 *     people/<team>/<first name>/<whole name>/<person>.json
 */
export const PEOPLE = 'people/'

/** A person of the address book. */
export interface KnownPerson {
  readonly v: 1
  readonly name: string
  /** As in the events that they write. */
  readonly id: string
}

/** Where a team's person is kept. */
export function personKey(team: string, { name, id }: Pick<KnownPerson, 'name' | 'id'>): string {
  return `${prefixOf(team, name)}${digestOf(['person', id])}.json`
}

/** The prefix of the keys of everyone with a name: a whole name, or a first name alone. */
export function peoplePrefix(team: string, name: string): string {
  const words = wordsOf(name)
  return words.length === 1 ? firstPrefix(team, words[0] ?? '') : prefixOf(team, name)
}

function teamPrefix(team: string): string {
  return `${PEOPLE}${digestOf(['team', team])}/`
}

/** The entry of a person; undefined for people of other places, and without an id. */
export function knownPersonOf({ via, name, id }: Person): KnownPerson | undefined {
  return via === 'teams' && id !== undefined && wordsOf(name).length > 0 ? { v: 1, name, id } : undefined
}

/** Whether a person is called this: by the whole name in any order of its words, or by the first one alone. */
export function isCalled({ name }: Pick<Person, 'name'>, asked: string): boolean {
  const words = wordsOf(asked)
  if (words.length === 1) return firstOf(name) === words[0]
  return wholeOf(name) === wholeOf(asked)
}

/** Whether a person has this whole name, in any order of its words. */
export function isNamed({ name }: Pick<Person, 'name'>, asked: string): boolean {
  return wholeOf(name) !== '' && wholeOf(name) === wholeOf(asked)
}

function prefixOf(team: string, name: string): string {
  return `${firstPrefix(team, firstOf(name))}${digestOf(['name', wholeOf(name)])}/`
}

function firstPrefix(team: string, first: string): string {
  return `${teamPrefix(team)}${digestOf(['first', first])}/`
}

/** The first name: before the others, but after the comma of "Nordmann, Ola". */
function firstOf(name: string): string {
  const [before = '', after = ''] = name.split(',')
  return wordsOf(after)[0] ?? wordsOf(before)[0] ?? ''
}

/** "Nordmann, Ola" and "Ola Nordmann" are one name. */
function wholeOf(name: string): string {
  return wordsOf(name).toSorted().join(' ')
}

function wordsOf(name: string): readonly string[] {
  const plain = normaliseLine(name.slice(0, LONGEST).normalize('NFKC')).toLowerCase()
  return plain.split(/[\s,;@]+/).filter((word) => word !== '')
}

const LONGEST = 200

function digestOf(parts: readonly string[]): string {
  return digest(parts).slice(0, 32)
}
