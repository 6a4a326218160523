import { setTimeout as sleep } from 'node:timers/promises'
import { TEAMS_SHAPES, toLines, type TeamsActivity, type TeamsForm, type TeamsShape } from '@ticketing/testbed'
import type { Destination } from 'ticket-core'
import type { SentTicket } from '../promise/evidence.ts'
import { readAnswer } from '../promise/read-answer.ts'
import type { Random } from './random.ts'
import type { SentMessage } from './sent-message.ts'
import type { SoakSystem } from './start-system.ts'

/** Slack takes one message a second; a load above what a vendor takes only tests patience. Messages a second. */
const MOST_HIGH = 0.25
const MALFORMED = 0.04
/** Teams sends a message again now and then although it was answered. */
const REPEATED = 0.03
/** After a post without an answer: whether it is sent again, and how often. */
const RESENT = 0.7
const MOST_POSTS = 3
const LONG = 0.03

const PRIORITIES: Readonly<Record<Destination, string>> = { bucket: 'low', board: 'medium', alert: 'high' }

export interface Load {
  readonly sent: readonly SentMessage[]
  /** Sends nothing new, and resolves when whatever was begun is answered or given up. */
  stop(): Promise<void>
}

/** Sends messages of all kinds to both servers until it is stopped. */
export function startLoad(
  { teams, serverUrls }: Pick<SoakSystem, 'teams' | 'serverUrls'>,
  random: Random,
  rate: number,
): Load {
  const sent: SentMessage[] = []
  const stopping = new AbortController()
  const open = new Set<Promise<void>>()

  const post = async (activity: TeamsActivity, entry: SentMessage): Promise<void> => {
    const { answer, id } = readAnswer(await teams.post(activity, { to: random.pick(serverUrls) }))
    entry.answers.push(answer)
    if (id !== undefined) entry.ids.add(id)
  }
  const sendOne = async (): Promise<void> => {
    const destination = drawPlace(random, rate)
    const serial = String(sent.length + 1).padStart(7, '0')
    const form = writeForm({ serial, destination, random })
    const shape = random.pick(SHAPES)
    const activity = teams.compose(toLines(form), { shape })
    const ticket = { serial, destination, texts: [form.title, form.description] }
    const entry: SentMessage = { ticket, sentAt: Date.now(), answers: [], ids: new Set(), said: [] }
    sent.push(entry)
    await post(activity, entry)
    while (entry.answers.at(-1) === 'none' && entry.answers.length < MOST_POSTS && random.chance(RESENT)) {
      await sleep(random.between(100, 2000))
      await post(activity, entry)
    }
    if (random.chance(REPEATED)) await post(activity, entry)
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(1000 * random.wait(1 / rate), undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      const one = sendOne().finally(() => open.delete(one))
      open.add(one)
    }
  }
  const running = run()
  return {
    sent,
    async stop() {
      stopping.abort()
      await running
      await Promise.all(open)
    },
  }
}

const SHAPES: readonly [TeamsShape, ...TeamsShape[]] = ['divs', ...TEAMS_SHAPES.filter((shape) => shape !== 'divs')]

function drawPlace(random: Random, rate: number): SentTicket['destination'] {
  const alert = Math.min(0.2, MOST_HIGH / rate)
  const rest = (1 - MALFORMED - alert) / 2
  return random.weighted({ nowhere: MALFORMED, alert, bucket: rest, board: rest })
}

function writeForm({
  serial,
  destination,
  random,
}: {
  serial: string
  destination: SentTicket['destination']
  random: Random
}): TeamsForm {
  // Some are longer than a card, and than a message, can be.
  const length = random.chance(LONG) ? random.between(15_000, 27_000) : random.between(0, 400)
  const words = 'x'.repeat(Math.floor(length)).replaceAll('xxxxxxx', 'words, ')
  return {
    title: `Soak ${serial}`,
    priority: destination === 'nowhere' ? 'whenever' : PRIORITIES[destination],
    description: `Message ${serial} of a run that kills at random. ${words}`,
  }
}
