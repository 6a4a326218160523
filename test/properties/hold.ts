import { findBreaches } from './find-breaches.ts'
import type { Breach } from './find-breaches.ts'
import { play } from './play.ts'
import type { Played } from './play.ts'
import type { Plan } from './plan.ts'

/** Plays a plan and throws the story of every ticket whose promise was not kept. */
export async function hold(plan: Plan): Promise<void> {
  const played = await play(plan)
  try {
    const breaches = await findBreaches(played)
    if (breaches.length > 0) throw new Error(tell(breaches, played))
  } finally {
    played.bed.faults.forget()
    await played.bed.stop()
  }
}

/** Tickets whose story is told; one is mostly enough. */
const TOLD = 2

function tell(breaches: readonly Breach[], { bed }: Played): string {
  const stories = [...new Set(breaches.map(({ ticket }) => ticket))]
    .slice(0, TOLD)
    .map((ticket) => `${ticket}:\n${bed.journal.story(ticket)}`)
  return [...breaches.map(({ ticket, what }) => `${ticket} ${what}`), ...stories].join('\n')
}
