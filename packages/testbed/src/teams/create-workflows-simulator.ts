import { http } from 'msw'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { createEdge } from '../simulators/create-edge.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import { asItems, asObject, isItems, isNumber, isString, parseObject, readField } from '../simulators/read-json.ts'
import { createChangeSignal } from '../simulators/signal-change.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { readCardLines, textOf } from './read-reply.ts'

/** One run of the flow behind the webhook. It can fail although the webhook answered 202. */
interface WorkflowRun {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** All texts of the card. */
  readonly shown: string
  /** The request as it came. */
  readonly body: string
  /** Why nothing was posted; absent when the card is in the channel. */
  readonly failed?: 'no card' | 'Request Entity too large'
}

export interface WorkflowsSimulator extends Simulator {
  readonly name: 'workflows'
  /** The webhook's URL; its `sig` is the whole credential. */
  readonly webhookUrl: string
  readonly runs: readonly WorkflowRun[]
  /** Runs that posted a card. */
  readonly posts: readonly WorkflowRun[]
  /** The same URL at a listener's address. */
  at(url: string): string
}

export interface WorkflowsOptions {
  readonly clock: Clock
  readonly journal?: JournalWriter | undefined
  /** @default an environment of `api.powerplatform.com` */
  readonly origin?: string | undefined
}

const PATH = '/powerautomate/automations/direct/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke'
const SIGNATURE = 'simulated-workflow-signature'
/** Larger cards fail when the flow posts them. https://learn.microsoft.com/connectors/teams/ */
const MAX_CARD_BYTES = 28 * 1024

/** Teams' Workflows trigger "When a Teams webhook request is received", made from the template that posts to a channel. */
export function createWorkflowsSimulator({
  clock,
  journal,
  origin = 'https://default0000.00.environment.api.powerplatform.com',
}: WorkflowsOptions): WorkflowsSimulator {
  const edge = createEdge({ vendor: 'workflows', clock, journal })
  const changes = createChangeSignal()
  let runs: WorkflowRun[] = []

  const receive = (request: Request, body: string): Response => {
    const refused = checkSignature(new URL(request.url).searchParams.get('sig'))
    if (refused) return refused
    const payload = parseObject(body)
    if (!payload || (payload['attachments'] !== undefined && !isItems(payload['attachments']))) {
      return answerError(
        400,
        'TriggerInputSchemaMismatch',
        'The input body for trigger is not what its schema expects.',
      )
    }
    const run = { at: clock.now(), body, ...runFlow(payload, new TextEncoder().encode(body).byteLength) }
    runs.push(run)
    const kind = run.failed === undefined ? 'card-posted' : 'run-failed'
    journal?.note({ source: 'workflows', kind, text: run.failed ?? run.shown, ...labelOf(run.shown) })
    changes.emit()
    return new Response(null, { status: 202 })
  }

  const query = `api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${SIGNATURE}`
  return {
    name: 'workflows',
    origin,
    webhookUrl: `${origin}${PATH}?${query}`,
    at: (url) => `${url}${PATH}?${query}`,
    handlers: [
      http.post(`${origin}${PATH}`, async ({ request }) => {
        const body = await request.text()
        return edge.answer({ at: 'workflows.postCard', request, body }, () => receive(request, body))
      }),
      http.all(`${origin}/*`, () => answerError(404, 'WorkflowNotFound', 'The workflow could not be found.')),
    ],
    page: () => undefined,
    get runs() {
      return runs
    },
    get posts() {
      return runs.filter((run) => run.failed === undefined)
    },
    intercept: (interceptor) => edge.intercept(interceptor),
    save: () => JSON.stringify({ v: 1, runs }),
    restore: (json) => {
      runs = readField(parseObject(json) ?? {}, 'runs', isItems).map(readRun)
    },
    onChange: (listener) => changes.onChange(listener),
  }
}

function checkSignature(signature: string | null): Response | undefined {
  if (signature === SIGNATURE) return undefined
  const text = 'The request must be authenticated only by Shared Access scheme.'
  return answerError(401, 'DirectApiAuthorizationRequired', text)
}

function answerError(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status })
}

function runFlow(payload: Readonly<Record<string, unknown>>, bytes: number): Omit<WorkflowRun, 'at' | 'body'> {
  const cards = asItems(payload['attachments'])
    .map((item) => asObject(item) ?? {})
    .filter((item) => item['contentType'] === 'application/vnd.microsoft.card.adaptive')
  const shown = textOf(cards.flatMap((card) => readCardLines(card['content'])))
  if (payload['type'] !== 'message' || cards.length === 0) return { shown, failed: 'no card' }
  return bytes > MAX_CARD_BYTES ? { shown, failed: 'Request Entity too large' } : { shown }
}

function readRun(item: unknown): WorkflowRun {
  const saved = asObject(item) ?? {}
  const { failed } = saved
  return {
    at: readField(saved, 'at', isNumber),
    shown: readField(saved, 'shown', isString),
    body: readField(saved, 'body', isString),
    ...((failed === 'no card' || failed === 'Request Entity too large') && { failed }),
  }
}
