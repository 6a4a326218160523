import type { AdminNotifier, Clock, DeadLetterArchive, Log } from 'ticket-core'
import { callsEnd, type Execution } from '../execution.ts'
import type { Archived } from './write-archive.ts'

/** What notifying an admin needs. */
export interface NotifyPorts {
  readonly admin: AdminNotifier
  readonly archive: DeadLetterArchive
  readonly clock: Clock
  readonly log: Log
  /** A fresh one for every write. */
  newNonce(): string
}

/**
 * Notifies an admin of these dead letters, in one notice, and notes that in each archive. When the function ends between
 * the two, the admin is notified twice, which is better than never. Gives the keys of the letters that need no notice
 * any more.
 */
export async function notifyAdmin(
  ports: NotifyPorts,
  archived: readonly Archived[],
  execution: Execution,
): Promise<ReadonlySet<string>> {
  // Of one letter in several messages the last one read is the newest.
  const letters = new Map(archived.map((each) => [each.letter.key, each]))
  const notified = new Set<string>()
  for (const { letter } of letters.values()) if (isKnown(letter)) notified.add(letter.key)
  const open = [...letters.values()].filter(({ letter }) => !notified.has(letter.key))
  if (open.length === 0 || !(await ports.admin.waitForSlot(callsEnd(execution)))) return notified
  const current = await keepCurrent(ports, open)
  if (current.length === 0) return notified

  const { notified: isNotified, channels: ways } = await ports.admin.notify(
    current.map(({ letter }) => letter),
    callsEnd(execution),
  )
  for (const { letter } of current)
    ports.log.write(isNotified ? 'info' : 'error', isNotified ? 'admin.told' : 'admin.not-told', {
      ticket: letter.key,
      life: letter.life,
      ways,
    })
  if (!isNotified) return notified
  // All together: the function has five seconds left for them.
  await Promise.all(current.map(async (each) => (await noteNotice(ports, each)) && notified.add(each.letter.key)))
  return notified
}

/** An operator has seen what was redriven or closed. A next life is delivered, or has a notice of its own. */
function isKnown({ toldAt, redrivenAt, closed, correctedAt }: Archived['letter']): boolean {
  return [toldAt, redrivenAt, closed, correctedAt].some((mark) => mark !== undefined)
}

/** An operator may have redriven or closed a letter since it was archived: its message comes back and is read again. */
async function keepCurrent(ports: NotifyPorts, archived: readonly Archived[]): Promise<Archived[]> {
  const stored = await Promise.all(archived.map(({ letter }) => ports.archive.read(letter.key)))
  return archived.filter(({ version }, index) => {
    const now = stored[index]
    return now?.kind === 'found' && now.version === version
  })
}

async function noteNotice(ports: NotifyPorts, { letter, version }: Archived): Promise<boolean> {
  const noted = { ...letter, toldAt: ports.clock.now(), nonce: ports.newNonce() }
  const written = await ports.archive.write(letter.key, noted, { version })
  // After a conflict (a redrive, a correction), or without an answer, the message comes back and the letter is read.
  return written.kind === 'written'
}
