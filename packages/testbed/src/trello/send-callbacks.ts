import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import type { Edge } from '../simulators/create-edge.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import { createCallbackSender, type CallbackOutcome } from '../simulators/send-callback.ts'
import { toActionJson } from './action-json.ts'
import type { BoardStore } from './board-store.ts'
import { signCallback } from './sign-callback.ts'
import type { Action, Pending, Webhook } from './trello-state.ts'
import { toModelJson, toWebhookJson } from './webhook-json.ts'

/** Sends what happens to the webhooks that watch it, with Trello's signature and retries. */
export interface TrelloCallbacks {
  /** An action happened. `client` is the identifier of the client that caused it. */
  acted(action: Action, client?: string): void
  /** The address of a new webhook is asked with HEAD. */
  check(url: string): Promise<CallbackOutcome>
  /** Plans again what the store has pending: after it was restored. */
  resume(): void
  /** Cancels its timers and what waits for an answer. */
  close(): void
}

export interface CallbackDependencies {
  readonly store: BoardStore
  readonly edge: Edge
  readonly clock: Clock
  readonly fetch: typeof globalThis.fetch
  readonly journal?: JournalWriter | undefined
  readonly apiSecret: string
  readonly changed: () => void
  readonly site: () => string
}

/** From an action to its callback; inferred. */
const LATENCY_MS = 500
/** https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/: then the event is lost. */
const RETRIES_AFTER_MS = [30_000, 60_000, 120_000] as const
/** The documentation of 2017. */
const TIME_LIMIT_MS = 30_000
const DUPLICATE_AFTER_MS = 1_000
/** A webhook is switched off when both are reached. */
const FAILURES_TO_DISABLE = 1_000
const DAYS_TO_DISABLE_MS = 30 * 86_400_000

export function createTrelloCallbacks(dependencies: CallbackDependencies): TrelloCallbacks {
  const { store, edge, clock, journal, apiSecret, changed, site } = dependencies
  const sender = createCallbackSender(dependencies)
  const timers = new Map<number, () => void>()

  const plan = (pending: Pending): void => {
    const wait = Math.max(0, pending.due - clock.now())
    timers.set(
      pending.id,
      clock.after(wait, () => {
        timers.delete(pending.id)
        void deliver(pending)
      }),
    )
  }
  /** The card's own text: actions do not repeat its description, where the ticket's id stands. */
  const textOf = ({ idCard, data }: Action): string => {
    const card = store.state.cards.find(({ id }) => id === idCard)
    return `${card?.name ?? ''}\n${card?.desc ?? ''}\n${JSON.stringify(data)}`
  }

  const deliver = async (pending: Pending): Promise<void> => {
    const { action, client, idWebhook, about } = pending
    const webhook = findWebhook(idWebhook)
    if (!webhook?.active) {
      store.keepPending(pending.id, undefined)
      changed()
      return
    }
    const model = toModelJson(webhook.idModel, store.state, site()) ?? { id: webhook.idModel }
    const body = JSON.stringify({ model, action: toActionJson(action), webhook: toWebhookJson(webhook) })
    const url = webhook.callbackURL
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Trello',
      'x-trello-webhook': signCallback({ secret: apiSecret, body, callbackUrl: url }),
      ...(client !== null && { 'x-trello-client-identifier': client }),
    }
    const outcome = await sender.send({
      at: 'callback.trello',
      method: 'POST',
      url,
      headers,
      body,
      about,
      limitMs: TIME_LIMIT_MS,
    })
    conclude(pending, outcome)
    changed()
  }

  const conclude = (pending: Pending, outcome: CallbackOutcome): void => {
    const webhook = findWebhook(pending.idWebhook)
    if (!webhook) return
    if (outcome === 410) {
      store.removeWebhooks(({ id }) => id === webhook.id)
      return
    }
    store.keepWebhook(outcome === 200 ? healthy(webhook) : failed(webhook, clock.now()))
    const retryAfter = outcome === 200 ? undefined : RETRIES_AFTER_MS[pending.attempts]
    if (retryAfter === undefined) {
      store.keepPending(pending.id, undefined)
      if (outcome !== 200)
        journal?.note({
          source: 'trello',
          kind: 'callback-lost',
          at: 'callback.trello',
          outcome,
          ...labelOf(pending.about),
        })
      return
    }
    const again = { ...pending, attempts: pending.attempts + 1, due: clock.now() + retryAfter }
    store.keepPending(pending.id, again)
    plan(again)
  }
  const findWebhook = (wanted: string): Webhook | undefined => store.state.webhooks.find(({ id }) => id === wanted)

  const enqueue = (webhook: Webhook, action: Action, client: string | null): void => {
    const about = textOf(action)
    const fault = edge.dispatch({ at: 'callback.trello', url: webhook.callbackURL, body: about })
    if (fault?.kind === 'lost') {
      journal?.note({
        source: 'trello',
        kind: 'callback-lost',
        at: 'callback.trello',
        outcome: 'not-sent',
        ...labelOf(about),
      })
      return
    }
    const due = Date.parse(action.date) + LATENCY_MS + (fault?.kind === 'delayed' ? fault.ms : 0)
    const times = fault?.kind === 'duplicate' ? [due, due + DUPLICATE_AFTER_MS] : [due]
    for (const each of times)
      plan(store.addPending({ idWebhook: webhook.id, action, client, about, attempts: 0, due: each }))
  }

  const cancelAll = (): void => {
    for (const cancel of timers.values()) cancel()
    timers.clear()
  }
  return {
    acted: (action, client) => {
      for (const webhook of store.state.webhooks.filter(({ active }) => active))
        if (watches(webhook, action)) enqueue(webhook, action, client ?? null)
    },
    check: (url) => sender.send({ at: 'callback.trelloCheck', method: 'HEAD', url, limitMs: TIME_LIMIT_MS }),
    resume: () => {
      cancelAll()
      store.state.pending.forEach(plan)
    },
    close: () => {
      cancelAll()
      sender.close()
    },
  }
}

/** A webhook hears of its board, its card, or every card of its list. */
function watches({ idModel }: Webhook, { idBoard, idCard, data }: Action): boolean {
  const lists = ['list', 'listBefore', 'listAfter'].map((name) => Reflect.get(Object(data[name]), 'id'))
  return idModel === idBoard || idModel === idCard || lists.includes(idModel)
}

function healthy(webhook: Webhook): Webhook {
  return { ...webhook, consecutiveFailures: 0, firstConsecutiveFailDate: null }
}

function failed(webhook: Webhook, now: number): Webhook {
  const consecutiveFailures = webhook.consecutiveFailures + 1
  const firstConsecutiveFailDate = webhook.firstConsecutiveFailDate ?? new Date(now).toISOString()
  const isLong = now - Date.parse(firstConsecutiveFailDate) >= DAYS_TO_DISABLE_MS
  const active = !(isLong && consecutiveFailures >= FAILURES_TO_DISABLE)
  return { ...webhook, consecutiveFailures, firstConsecutiveFailDate, active }
}
