import { setTimeout as sleep } from 'node:timers/promises'
import type { Destination } from 'ticket-core'
import { SLACK_BUTTONS, TEAMS_VERBS, TRELLO_MOVES, type Deed } from '../life/deed.ts'
import { doAct } from '../life/do-act.ts'
import { listKeys } from '../support/bed.ts'
import type { Random } from './random.ts'
import type { SentMessage } from './sent-message.ts'
import type { SoakSystem } from './start-system.ts'

/** The part of all accepted tickets that people work on. */
const WORKED_ON = 0.2
/** They work on the newest ones: so each gets several things in a short time. */
const NEWEST = 30
/** Of what is done in Teams. */
const REPEATED = 0.2
const FOREIGN = 0.1

export interface Acting {
  /** How many things were done. */
  readonly count: () => number
  /** Nothing new is done, and all that was begun is answered or given up. */
  stop(): Promise<void>
}

/** People work on some of the tickets, in Teams, on the board and in Slack: so many things a second, until it is stopped. */
export function startActing(
  { teams, vendors, serverUrls, clients, bucket }: SoakSystem,
  { sent, random, rate }: { readonly sent: readonly SentMessage[]; readonly random: Random; readonly rate: number },
): Acting {
  const { trello, slack } = vendors
  // The cloud may be down at the moment: then it is not known, and nothing is promised.
  const hasPlaceOf = (card: string): Promise<boolean> =>
    listKeys({ clients, bucket }, `places/trello/${card}/`).then(
      (keys) => keys.length > 0,
      () => false,
    )
  const world = { teams, trello, slack, serverUrls, hasPlaceOf }
  const stopping = new AbortController()
  const open = new Set<Promise<void>>()
  const worked: SentMessage[] = []
  let seen = 0
  let index = 0
  const actOnce = async (): Promise<void> => {
    // Those that have their answer by now.
    for (; seen < sent.length && sent[seen]?.answers.length !== 0; seen += 1) {
      const message = sent[seen]
      if (message && message.answers.includes('accepted') && random.chance(WORKED_ON)) worked.push(message)
    }
    const [first, ...rest] = worked.slice(-NEWEST)
    if (!first) return
    const message = random.pick([first, ...rest])
    const [id = ''] = message.ids
    const does = drawDeed(random, message.ticket.destination)
    message.said.push(...(await doAct(world, { does, person: random.pick([0, 1, 2]), id, index: (index += 1) })))
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(1000 * random.wait(1 / rate), undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      const one = actOnce().finally(() => open.delete(one))
      open.add(one)
    }
  }
  const running = run()
  return {
    count: () => index,
    async stop() {
      stopping.abort()
      await running
      await Promise.all(open)
    },
  }
}

/** At the place where the ticket was delivered to, or in Teams. */
function drawDeed(random: Random, place: Destination | 'nowhere'): Deed {
  if (place === 'board' && random.chance(0.5)) return { in: 'trello', move: random.pick(TRELLO_MOVES) }
  if (place === 'alert' && random.chance(0.3)) return { in: 'slack', button: random.pick(SLACK_BUTTONS) }
  return {
    in: 'teams',
    verb: random.pick([...TEAMS_VERBS, 'comment', 'comment', 'close', 'reopen']),
    again: random.chance(REPEATED),
    isForeign: random.chance(FOREIGN),
  }
}
