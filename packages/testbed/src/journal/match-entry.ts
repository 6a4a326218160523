import type { JournalEntry } from './journal-entry.ts'

type PatternOf<Entry> = Entry extends unknown ? Partial<Entry> : never

/** Fields that an entry must have, compared with `===`: `{ source: 'trello', kind: 'card-created', ticket }`. */
type EntryPattern = PatternOf<JournalEntry>

/** A pattern, or a predicate. */
export type EntryMatcher = EntryPattern | ((entry: JournalEntry) => boolean)

type Has<Pattern, Key extends 'source' | 'kind'> = Pattern extends { readonly [Field in Key]: infer Value }
  ? { readonly [Field in Key]: Value }
  : unknown

/** The type of entries that match a pattern, by its `source` and `kind`. */
export type Narrowed<Pattern> = Extract<JournalEntry, Has<Pattern, 'source'> & Has<Pattern, 'kind'>>

/** Whether an entry matches. A pattern narrows the entry's type. */
export function matchesEntry<const Matcher extends EntryMatcher>(
  entry: JournalEntry,
  matcher: Matcher,
): entry is Narrowed<Matcher> {
  if (typeof matcher === 'function') return matcher(entry)
  return Object.entries(matcher).every(([key, value]) => value === undefined || Reflect.get(entry, key) === value)
}

/** How a matcher reads in an error message. */
export function describeMatcher(matcher: EntryMatcher): string {
  return typeof matcher === 'function' ? `an entry for which ${matcher.toString()}` : JSON.stringify(matcher)
}

/** Fields of a pattern that no entry has at all: probably misspelt. Begins with a space, or is empty. */
export function describeUnknownFields(matcher: EntryMatcher, entries: readonly JournalEntry[]): string {
  if (typeof matcher === 'function') return ''
  const unknown = Object.keys(matcher).filter((field) => entries.every((entry) => !(field in entry)))
  if (entries.length === 0 || unknown.length === 0) return ''
  return ` No entry so far has a field ${unknown.map((field) => `\`${field}\``).join(' or ')}.`
}
