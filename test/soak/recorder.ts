import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type { JournalEvent, JournalWriter } from '@ticketing/testbed'

/**
 * What the outside world saw: every line goes to a file, and only what the check needs stays in memory, so that a run
 * of hours is no larger than one of minutes.
 */
export interface Recorder {
  readonly journal: JournalWriter
  /** A line of the soak's own: what it killed, what it broke. */
  readonly note: (kind: string, detail: Readonly<Record<string, unknown>>) => void
  /** How often each fault met a call, by place and name. */
  readonly faults: ReadonlyMap<string, number>
  /** When a call of a ticket met a fault whose effect comes late (milliseconds since the epoch), by ticket. */
  readonly lateEffects: ReadonlyMap<string, readonly number[]>
  /** When each card was made, by the card's id. */
  readonly cardTimes: ReadonlyMap<string, number>
  /** When the board's cards were read, in order. */
  readonly looks: readonly number[]
  close(): Promise<void>
}

export function createRecorder(file: string): Recorder {
  const stream = createWriteStream(file, { flags: 'a' })
  const faults = new Map<string, number>()
  const lateEffects = new Map<string, number[]>()
  const cardTimes = new Map<string, number>()
  const looks: number[] = []
  const write = (fields: Readonly<Record<string, unknown>>): void =>
    void stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`)

  const remember = (event: JournalEvent): void => {
    if (event.source === 'trello' && event.kind === 'card-created') cardTimes.set(event.card, Date.now())
    if (event.source === 'trello' && event.kind === 'call' && event.at === 'trello.listCards' && event.outcome === 200)
      looks.push(Date.now())
    if (event.source !== 'fault') return
    const { at, kind, ticket } = event
    const name = `${at} ${kind}`
    faults.set(name, (faults.get(name) ?? 0) + 1)
    if (kind === 'timeout-late-effect' && ticket !== undefined)
      lateEffects.set(ticket, [...(lateEffects.get(ticket) ?? []), Date.now()])
  }

  return {
    journal: {
      note(event) {
        remember(event)
        write({ ...event })
      },
    },
    note: (kind, detail) => write({ source: 'soak', kind, ...detail }),
    faults,
    lateEffects,
    cardTimes,
    looks,
    async close() {
      stream.end()
      await once(stream, 'finish')
    },
  }
}
