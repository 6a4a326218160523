import * as fc from 'fast-check'
import { test } from 'vitest'
import type { Ending } from './explore.ts'
import { explore } from './explore.ts'
import { plans } from './plan.ts'

const SEED = 20_261_124
const RUNS = 150

/** What is wrong with how a ticket ended; nothing, if the promise was kept. */
function breaches({ ticket, state, life, copies, letter, wrongNotices }: Ending): string[] {
  const wrong: string[] = []
  const check = (isKept: boolean, breach: string): void => void (isKept || wrong.push(`${ticket.id}: ${breach}`))
  check(state === 'delivered' || state === 'dead', `ended as ${state}`)
  check(state !== 'delivered' || copies.length > 0, 'is said to be delivered, and the vendor has nothing')
  if (state === 'dead') {
    check(letter?.life === life, `died in life ${life}, and the archive tells of life ${letter?.life}`)
    check(letter?.isTold === true, 'died, and nobody was told')
    check(copies.length === 0 || letter?.mayBeDelivered === true, 'died without a doubt, and the vendor has it')
  }
  check(wrongNotices === 0, 'was told to be dead without a doubt while the vendor had it')
  if (ticket.priority === 'high')
    check(
      copies.slice(1).every(({ isMarked }) => isMarked),
      'repeated without a mark',
    )
  else check(copies.length <= 1, `was delivered ${copies.length} times`)
  return wrong
}

test('whatever is lost, refused or killed, every ticket arrives once or is dead, archived and told of', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const { endings, mended, isQuiet, story } = await explore(plan)
      const wrong = [...endings, ...mended].flatMap(breaches)
      if (!isQuiet) wrong.push('the work never ends')
      for (const { ticket, state } of mended)
        if (state !== 'delivered') wrong.push(`${ticket.id}: redriven with nothing in its way, it is ${state}`)
      if (wrong.length > 0) throw new Error([...wrong, ...story].join('\n'))
    }),
    { seed: SEED, numRuns: RUNS },
  )
}, 60_000)
