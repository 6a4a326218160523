import {
  type Clock,
  type Conflict,
  type DeadLetter,
  type DeadLetterArchive,
  type Ledgers,
  type LedgerRecord,
  type Written,
  recordOfLetter,
  retryOnConflict,
} from 'ticket-core'

/** What an operator's command needs to look at a letter and to note what became of it. */
export interface LetterPorts {
  readonly archive: DeadLetterArchive
  readonly ledgers: Ledgers
  readonly clock: Pick<Clock, 'now'>
  newNonce(): string
}

/** A letter that was neither redriven nor delivered. It may be closed. */
export interface OpenLetter {
  readonly kind: 'open'
  readonly letter: DeadLetter
  readonly version: string
  /** The ledger's record of this id is another ticket's. */
  readonly isForeign: boolean
}

export interface Refused<Code extends string> {
  readonly kind: 'refused'
  readonly code: Code
  readonly reason: string
}

/** In words, for an operator. */
export const TOO_MANY_CONFLICTS = 'It is written again and again.'

export type NotOpen = 'unknown' | 'redriven-already' | 'delivered' | 'not-dead'

/**
 * Reads a letter and its ticket's record. If an earlier redrive could not mark the letter, the mark is written now,
 * unless nothing may be written (`dryRun`).
 */
export async function openLetter(
  ports: LetterPorts,
  key: string,
  { dryRun }: { readonly dryRun: boolean },
): Promise<OpenLetter | Refused<NotOpen> | { readonly kind: 'unavailable'; readonly reason: string }> {
  const stored = await ports.archive.read(key)
  if (stored.kind === 'unavailable') return stored
  if (stored.kind === 'absent') return refuse('unknown', `there is no dead letter ${key}`)
  const { item: letter, version } = stored
  const settled = refuseByArchive(letter)
  if (settled) return settled.code === 'redriven-already' ? nameWhatBecame(ports, letter, settled) : settled
  const open: OpenLetter = { kind: 'open', letter, version, isForeign: false }
  const place = recordOfLetter(letter)
  if (!place) return open

  const recorded = await ports.ledgers[place.lane].read(place.id)
  if (recorded.kind === 'unavailable') return recorded
  if (recorded.kind === 'absent') return open
  if (recorded.item.source !== place.source) return { ...open, isForeign: true }
  const refusal = refuseByLedger(recorded.item, letter)
  if (!refusal) return open
  const change = missedMark(recorded.item, letter, ports.clock.now())
  if (change && !dryRun) await markLetter(ports, open, change)
  return refusal
}

/** Notes something in a letter as it was read. */
export function noteInLetter(
  ports: LetterPorts,
  { letter, version }: Pick<OpenLetter, 'letter' | 'version'>,
  change: Mark | Pick<DeadLetter, 'closed'>,
): Promise<Written> {
  return ports.archive.write(letter.key, { ...letter, ...change, nonce: ports.newNonce() }, { version })
}

type Mark = Pick<DeadLetter, 'redrivenAt'> | Pick<DeadLetter, 'correctedAt'>

/** `superseded`: the letter is marked already, or its ticket has died again. */
type Marked = Exclude<Written, Conflict> | { readonly kind: 'superseded' }

/** Marks the letter of this life. The mark is true whatever else is written there at the same time, such as a notice. */
export async function markLetter(ports: LetterPorts, opened: OpenLetter, mark: Mark): Promise<Marked> {
  let current: Pick<OpenLetter, 'letter' | 'version'> = opened
  const attempt = async (): Promise<Marked | Conflict> => {
    const written = await noteInLetter(ports, current, mark)
    if (written.kind !== 'conflict') return written
    const stored = await ports.archive.read(opened.letter.key)
    if (stored.kind === 'unavailable') return stored
    if (stored.kind === 'absent' || stored.item.life !== opened.letter.life) return { kind: 'superseded' }
    if (refuseByArchive(stored.item)) return { kind: 'superseded' }
    current = { letter: stored.item, version: stored.version }
    return written
  }
  return retryOnConflict<Marked>(attempt, () => ({ kind: 'unavailable', reason: TOO_MANY_CONFLICTS }))
}

export function refuse<Code extends string>(code: Code, reason: string): Refused<Code> {
  return { kind: 'refused', code, reason }
}

/** A letter that is closed, in words. */
export function describeClosing({ key }: DeadLetter, { at, because }: NonNullable<DeadLetter['closed']>): string {
  return `${key} was closed ${new Date(at).toISOString().slice(0, 19)}Z: ${because}`
}

function refuseByArchive({ key, correctedAt, redrivenAt }: DeadLetter): Refused<NotOpen> | undefined {
  if (correctedAt !== undefined) return refuse('delivered', `${key} was delivered after all`)
  if (redrivenAt !== undefined) return refuse('redriven-already', `${key} is on its way again already`)
  return undefined
}

/** A redriven ticket may have arrived since. */
async function nameWhatBecame(
  { ledgers }: LetterPorts,
  letter: DeadLetter,
  settled: Refused<NotOpen>,
): Promise<Refused<NotOpen>> {
  const place = recordOfLetter(letter)
  const recorded = place && (await ledgers[place.lane].read(place.id))
  const isDelivered =
    recorded?.kind === 'found' && recorded.item.source === place?.source && recorded.item.state === 'delivered'
  return isDelivered ? refuse('redriven-already', `${letter.key} was sent on its way again, and is delivered`) : settled
}

function refuseByLedger({ id, state, life }: LedgerRecord, letter: DeadLetter): Refused<NotOpen> | undefined {
  if (state === 'delivered') return refuse('delivered', `the ledger shows ${id} as delivered`)
  if (state === 'dead' && life === letter.life) return undefined
  const now = state === 'dead' ? 'it died again, and its new letter is being written' : 'it is on its way'
  return refuse('not-dead', `the ledger shows ${id} as ${state} in life ${life}: ${now}`)
}

/**
 * The mark that the letter lacks: the redrive that sent the message of the next life could not write it (the store did
 * not answer, or the operator was interrupted). `delivered` is final, and only a redrive begins a newer life.
 */
function missedMark(record: LedgerRecord, letter: DeadLetter, now: number): Mark | undefined {
  if (record.state === 'delivered') return { correctedAt: record.deliveredAt ?? now }
  return record.life > letter.life ? { redrivenAt: now } : undefined
}
