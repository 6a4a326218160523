import { checkPromise } from '../promise/check-promise.ts'
import type { Breach } from '../promise/breach.ts'
import { gatherEvidence } from './gather-evidence.ts'
import type { Plan } from './plan.ts'
import { play, type Planted, type Played } from './play.ts'

/** Tickets whose timeline is printed; one is mostly enough. */
const TOLD = 2

/** Plays a plan and rejects with the timeline of the tickets whose promise was not kept. */
export async function checkSchedule(plan: Plan): Promise<void> {
  const { breaches, timeline } = await playAndCheck(plan)
  if (breaches.length > 0) throw new Error(`${breaches.map(nameOf).join('\n')}\n${timeline}`)
}

/** Plays a plan and finds what was not kept. */
export async function playAndCheck(
  plan: Plan,
  planted?: Planted,
): Promise<{ readonly breaches: readonly Breach[]; readonly timeline: string }> {
  const played = await play(plan, planted)
  try {
    const breaches = checkPromise(await gatherEvidence(played))
    return { breaches, timeline: formatTimelines(breaches, played) }
  } finally {
    played.bed.faults.forget()
    await played.bed.stop()
  }
}

function formatTimelines(breaches: readonly Breach[], { bed }: Played): string {
  return [...new Set(breaches.map(({ ticket }) => ticket))]
    .slice(0, TOLD)
    .map((ticket) => `${ticket}:\n${bed.journal.timeline(ticket)}`)
    .join('\n')
}

function nameOf({ kind, ticket, detail }: Breach): string {
  return `${ticket} ${kind}${detail === '' ? '' : `: ${detail}`}`
}
