import {
  type IndexStore,
  placePrefix,
  readTrelloCallback,
  ticketOfPlaceKey,
  TRELLO_CLIENT,
  verifyTrelloCallback,
} from 'ticket-core'
import { type Handle, readHeader } from './http-values.ts'
import { type CallbackPorts, AGAIN, createCallbackReceiver, passOver, TAKEN } from './receive-callback.ts'
import { type SubmitChangePorts, submitChange } from './submit-change.ts'
import { within } from './within.ts'

export interface TrelloReceiverPorts extends SubmitChangePorts, CallbackPorts {
  readonly places: Pick<IndexStore, 'list'>
  /** The address that the webhook was registered with: Trello signs it. Undefined while it is not known. */
  readonly callbackUrl: () => string | undefined
}

/** Trello's own limit was 30 s when it was last documented. Milliseconds. */
const ANSWER_WITHIN = 8000
/** A card shows one ticket; people could put markers of others on it, but not of so many. */
const MOST_TICKETS = 10
/** So long after a card was made, its place may still be on its way. Milliseconds. */
const NEW_CARD = 60_000

/**
 * The callbacks of the board's webhook. Trello checks the address with a `HEAD` when the webhook is made; a callback that
 * is answered with 503 it sends again, three times.
 */
export function createTrelloReceiver(ports: TrelloReceiverPorts): Handle {
  async function findTickets(card: string, deadline: number): Promise<readonly string[] | undefined> {
    const prefix = placePrefix(card)
    if (prefix === undefined) return []
    const late = { kind: 'unavailable', reason: 'S3 did not answer in time.' } as const
    const listed = ports.places.list(prefix, { limit: MOST_TICKETS })
    const page = await within(listed, { clock: ports.clock, deadline, late })
    if (page.kind === 'page') return page.keys.flatMap((key) => ticketOfPlaceKey(key) ?? [])
    ports.log.write('error', 'event.not-accepted', { via: 'trello', code: 'places-unavailable', reason: page.reason })
    return undefined
  }

  return createCallbackReceiver(ports, {
    vendor: 'trello',
    methods: ['HEAD', 'POST'],
    answerWithin: ANSWER_WITHIN,
    keyOf: ({ trelloApiSecret }) => (ports.callbackUrl() === undefined ? undefined : trelloApiSecret),
    verify: (request, secret) =>
      verifyTrelloCallback({
        secret,
        callbackUrl: ports.callbackUrl() ?? '',
        body: request.body,
        signature: readHeader(request, 'x-trello-webhook'),
      }),
    async receive(request, { trello }, deadline) {
      const reading = readTrelloCallback(request.body, trello)
      if (reading.kind !== 'change') return passOver(ports, 'trello', reading)
      if (readHeader(request, 'x-trello-client-identifier') === TRELLO_CLIENT)
        return passOver(ports, 'trello', { kind: 'own', what: reading.change.kind })
      const tickets = await findTickets(reading.card, deadline)
      if (!tickets) return AGAIN
      if (tickets.length === 0 && isNew(reading.card, ports.clock.now())) {
        ports.metrics.count('ticketing_callbacks_total', { via: 'trello', outcome: 'new-card' })
        return AGAIN
      }
      if (tickets.length === 0) return passOver(ports, 'trello', { kind: 'ignored', what: 'a card of no ticket' })
      const settled = await Promise.all(tickets.map((ticket) => submitChange(ports, ticket, { ...reading, deadline })))
      return settled.every(({ isSettled }) => isSettled) ? TAKEN : AGAIN
    },
  })
}

/** A card's id begins with the second in which it was made. */
function isNew(card: string, now: number): boolean {
  return Math.abs(now - Number.parseInt(card.slice(0, 8), 16) * 1000) < NEW_CARD
}
