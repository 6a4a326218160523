import type { Execution } from './execution.ts'
import { callsEnd } from './execution.ts'
import type { ReportPorts } from './report-ports.ts'
import type { Archived } from './write-archive.ts'

/**
 * Tells an admin of these deaths, once, in one notice, and notes that in each archive. Between the two the function may
 * die: then the admin is told twice, which is better than never. Gives the keys of which nothing is left to do.
 */
export async function tellAdmin(
  ports: ReportPorts,
  archived: readonly Archived[],
  execution: Execution,
): Promise<ReadonlySet<string>> {
  // Of one death in several messages the last one read is the newest.
  const letters = new Map(archived.map((each) => [each.letter.key, each]))
  const done = new Set<string>()
  for (const { letter } of letters.values()) if (isKnown(letter)) done.add(letter.key)
  const open = [...letters.values()].filter(({ letter }) => !done.has(letter.key))
  if (open.length === 0 || !(await ports.admin.turn(callsEnd(execution)))) return done
  const current = await keepCurrent(ports, open)
  if (current.length === 0) return done

  const { told, ways } = await ports.admin.tell(
    current.map(({ letter }) => letter),
    callsEnd(execution),
  )
  for (const { letter } of current)
    ports.log.write(told ? 'info' : 'error', told ? 'admin.told' : 'admin.not-told', {
      ticket: letter.key,
      life: letter.life,
      ways,
    })
  if (!told) return done
  // At once: the function has five seconds left for all of them.
  await Promise.all(current.map(async (each) => (await noteTold(ports, each)) && done.add(each.letter.key)))
  return done
}

/** What was redriven or closed, somebody at the desk has seen: a next life is delivered, or told of when it dies. */
function isKnown({ toldAt, redrivenAt, closed, correctedAt }: Archived['letter']): boolean {
  return [toldAt, redrivenAt, closed, correctedAt].some((mark) => mark !== undefined)
}

/** Since it was archived somebody may have redriven or closed a letter: then its message comes back, and it is read again. */
async function keepCurrent(ports: ReportPorts, archived: readonly Archived[]): Promise<Archived[]> {
  const stored = await Promise.all(archived.map(({ letter }) => ports.archive.read(letter.key)))
  return archived.filter(({ version }, index) => {
    const now = stored[index]
    return now?.kind === 'found' && now.version === version
  })
}

async function noteTold(ports: ReportPorts, { letter, version }: Archived): Promise<boolean> {
  const noted = { ...letter, toldAt: ports.clock.now(), nonce: ports.newNonce() }
  const written = await ports.archive.write(letter.key, noted, { version })
  // Somebody wrote meanwhile (a redrive, a correction), or the store is silent: this message comes back and reads.
  return written.kind === 'written'
}
