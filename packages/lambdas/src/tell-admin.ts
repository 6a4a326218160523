import type { Execution } from './execution.ts'
import { callsEnd } from './execution.ts'
import type { ReportPorts } from './report-ports.ts'
import type { Archived } from './write-archive.ts'

/**
 * Tells an admin of this life's death, once, and notes that. Between the two the function may die: then the admin is
 * told twice, which is better than never. True when nothing is left to do.
 */
export async function tellAdmin(
  ports: ReportPorts,
  { letter, version }: Archived,
  execution: Execution,
): Promise<boolean> {
  if (letter.toldAt !== undefined || letter.correctedAt !== undefined) return true
  const { told, ways } = await ports.admin.tell(letter, callsEnd(execution))
  ports.log.write(told ? 'info' : 'error', told ? 'admin.told' : 'admin.not-told', {
    ticket: letter.key,
    life: letter.life,
    ways,
  })
  if (!told) return false
  const noted = { ...letter, toldAt: ports.clock.now(), nonce: ports.newNonce() }
  const written = await ports.archive.write(letter.key, noted, { version })
  // Somebody wrote meanwhile (a redrive, a correction), or the store is silent: this message comes back and reads.
  return written.kind === 'written'
}
