import { type Case, type IndexStore, type Marked, INDEX, indexKeysOf, isStaleKey, ticketOfIndexKey } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import type { System } from '../connect.ts'
import { forEachConcurrently } from '../for-each-concurrently.ts'
import { countOf } from '../text/layout.ts'
import { asciiJson } from '../text/printable.ts'
import { readCases } from './read-cases.ts'

export interface ReindexOptions {
  readonly dryRun: boolean
  readonly json?: boolean | undefined
}

/** Cases in parallel. */
const CONCURRENCY = 16

/**
 * Makes the index what the cases ask for. Safe beside writers, and repeatable: a key is put before another goes, and only
 * what a version of the case has made stale is removed (`isStaleKey`). Keys of a ticket without a case stay: line 2
 * puts them before it opens the case.
 */
export async function reindex(
  system: System,
  context: CommandContext,
  { dryRun, json }: ReindexOptions,
): Promise<number> {
  const there = await readIndex(system.index, context)
  const tally = { cases: 0, put: 0, removed: 0 }
  const unreadable: string[] = []
  await forEachConcurrently(
    readCases(system, context, unreadable),
    { limit: CONCURRENCY, isOver: () => context.stop.aborted },
    async ({ key, item: known }) => {
      // A case that was kept beside another ticket's is not in the index.
      if (key !== known.id) return
      const change = differenceOf(known, there.get(known.id) ?? [])
      there.delete(known.id)
      if (!dryRun) await repair(system, known, change)
      tally.cases += 1
      tally.put += change.missing.length
      tally.removed += change.stale.length
    },
  )
  context.progress('')
  if (context.stop.aborted) throw new CliError(`interrupted after ${countOf(tally.cases, 'case')}; run it again`)
  const withoutCase = [...there].filter(([id]) => !unreadable.includes(id)).flatMap(([, keys]) => keys).length
  if (json) context.print(asciiJson({ ...tally, withoutCase, unreadable, dryRun }))
  else for (const line of describeTally({ ...tally, withoutCase, dryRun })) context.print(line)
  return unreadable.length === 0 ? 0 : 1
}

function describeTally({
  cases,
  put,
  removed,
  withoutCase,
  dryRun,
}: Readonly<Record<'cases' | 'put' | 'removed' | 'withoutCase', number>> & { readonly dryRun: boolean }): string[] {
  const would = dryRun ? ' would be' : ''
  return [
    `${countOf(cases, 'case')}: ${countOf(put, 'key')}${would} put, ${removed}${would} removed`,
    ...(withoutCase > 0 ? [`${countOf(withoutCase, 'key')} without a case stay: the ticket may be on its way`] : []),
  ]
}

interface Difference {
  readonly missing: readonly string[]
  readonly stale: readonly string[]
}

function differenceOf(known: Case, there: readonly string[]): Difference {
  const has = new Set(there)
  return {
    missing: [...indexKeysOf(known)].filter((key) => !has.has(key)),
    stale: there.filter((key) => isStaleKey(key, known)),
  }
}

/** A writer may have removed what is put here a moment ago: the case is read again, and what it made stale goes. */
async function repair({ index, cases }: System, known: Case, { missing, stale }: Difference): Promise<void> {
  for (const key of missing) expectDone(await index.put(key))
  for (const key of stale) expectDone(await index.remove(key))
  if (missing.length === 0) return
  const again = await cases.read(known.id)
  if (again.kind === 'found')
    for (const key of missing) if (isStaleKey(key, again.item)) expectDone(await index.remove(key))
}

function expectDone(marked: Marked): void {
  if (marked.kind === 'unavailable')
    throw new CliError(`the index could not be written: ${marked.reason} Run it again`, 1, { isTransient: true })
}

/** The most keys that one call lists. */
const PAGE = 1000

/** All keys of the index, by their ticket. */
async function readIndex(
  index: Pick<IndexStore, 'list'>,
  context: CommandContext,
): Promise<Map<string, readonly string[]>> {
  const keys: string[] = []
  for (;;) {
    if (context.stop.aborted) throw new CliError('interrupted; run it again')
    const page = await index.list(INDEX, { limit: PAGE, after: keys.at(-1) })
    if (page.kind === 'unavailable') throw new CliError(`the index could not be read: ${page.reason} Run it again`)
    keys.push(...page.keys)
    context.progress(`reading the index: ${countOf(keys.length, 'key')}`)
    if (page.isLast || page.keys.length === 0) break
  }
  const known = keys.filter((key) => ticketOfIndexKey(key) !== undefined)
  return Map.groupBy(known, (key) => ticketOfIndexKey(key) ?? '')
}
