import { http } from 'msw'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { createEdge } from '../simulators/create-edge.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import { formatTime, quoteLines, spellOut } from '../simulators/plain-text.ts'
import { asItems, asObject, isItems, isNumber, isString, parseObject, readField } from '../simulators/read-json.ts'
import { createChangeSignal } from '../simulators/signal-change.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { DEFAULT_PLACE } from './build-activity.ts'
import { readCardLines, textOf } from './read-reply.ts'

/** One run of a flow behind a webhook. It can fail although the webhook answered 202. */
interface WorkflowRun {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** All texts of the card. */
  readonly shown: string
  /** The request as it came. */
  readonly body: string
  /** The channel where it posted: the flow's own, or the one that the request names. */
  readonly channelId?: string
  /** The message that it answered; absent for a new message. */
  readonly messageId?: string
  /** Why nothing was posted; absent when the card is in the channel. */
  readonly failed?: 'no card' | 'no message to reply to' | 'Request Entity too large'
}

/** A flow that posts to one channel. */
interface FlowOptions {
  /**
   * `post`: a new message, as the ready-made template does; other keys of the request change nothing. `reply`: an answer
   * to the message that the request's `channelId` and `messageId` name; the run fails without them. @default 'post'
   */
  readonly kind?: 'post' | 'reply'
  /** The channel of its new messages. @default the channel in which the Teams simulator writes */
  readonly channelId?: string
}

export interface WorkflowsSimulator extends Simulator {
  readonly name: 'workflows'
  /** The URL of the first flow, which posts new messages; its `sig` is the whole credential. */
  readonly webhookUrl: string
  /** Makes another flow and returns the URL of its webhook. */
  addFlow(options?: FlowOptions): string
  readonly runs: readonly WorkflowRun[]
  /** Runs that posted a card. */
  readonly posts: readonly WorkflowRun[]
  /** A webhook's URL at a listener's address. @default the first flow's */
  at(url: string, webhookUrl?: string): string
}

export interface WorkflowsOptions {
  readonly clock: Clock
  readonly journal?: JournalWriter | undefined
  /** @default an environment of `api.powerplatform.com` */
  readonly origin?: string | undefined
}

const FLOWS = '/powerautomate/automations/direct/workflows'
const TRIGGER = 'triggers/manual/paths/invoke'
const SIGNATURE = 'simulated-workflow-signature'
const QUERY = `api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${SIGNATURE}`
/** Larger cards fail when the flow posts them. https://learn.microsoft.com/connectors/teams/ */
const MAX_CARD_BYTES = 28 * 1024

/** Teams' Workflows trigger "When a Teams webhook request is received", with flows that post to channels or in threads. */
export function createWorkflowsSimulator({
  clock,
  journal,
  origin = 'https://default0000.00.environment.api.powerplatform.com',
}: WorkflowsOptions): WorkflowsSimulator {
  const edge = createEdge({ vendor: 'workflows', clock, journal })
  const changes = createChangeSignal()
  let runs: WorkflowRun[] = []
  const flows: Required<FlowOptions>[] = []
  const addFlow = ({ kind = 'post', channelId = DEFAULT_PLACE.channelId }: FlowOptions = {}): string => {
    flows.push({ kind, channelId })
    return `${origin}${FLOWS}/${idOfFlow(flows.length)}/${TRIGGER}?${QUERY}`
  }

  const receive = (request: Request, id: string, body: string): Response => {
    const flow = flows.find((_each, n) => idOfFlow(n + 1) === id)
    if (!flow) return answerError(404, 'WorkflowNotFound', 'The workflow could not be found.')
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
    const run = { at: clock.now(), body, ...runFlow(flow, payload, new TextEncoder().encode(body).byteLength) }
    runs.push(run)
    const kind = run.failed === undefined ? 'card-posted' : 'run-failed'
    journal?.note({ source: 'workflows', kind, text: run.failed ?? run.shown, ...labelOf(run.shown) })
    changes.emit()
    return new Response(null, { status: 202 })
  }

  const webhookUrl = addFlow()
  return {
    name: 'workflows',
    origin,
    webhookUrl,
    addFlow,
    at: (url, target = webhookUrl) => target.replace(origin, url),
    handlers: [
      http.post(`${origin}${FLOWS}/:id/${TRIGGER}`, async ({ request, params }) => {
        const body = await request.text()
        const id = String(params['id'])
        return edge.answer({ at: 'workflows.postCard', request, body }, () => receive(request, id, body))
      }),
      http.all(`${origin}/*`, () => answerError(404, 'WorkflowNotFound', 'The workflow could not be found.')),
    ],
    page: (path) => (path === '/' ? showRuns(runs) : undefined),
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

function runFlow(
  { kind, channelId }: Required<FlowOptions>,
  payload: Readonly<Record<string, unknown>>,
  bytes: number,
): Omit<WorkflowRun, 'at' | 'body'> {
  const cards = asItems(payload['attachments'])
    .map((item) => asObject(item) ?? {})
    .filter((item) => item['contentType'] === 'application/vnd.microsoft.card.adaptive')
  const shown = textOf(cards.flatMap((card) => readCardLines(card['content'])))
  const { channelId: channel, messageId: message } = payload
  const isReply = kind === 'reply'
  if (payload['type'] !== 'message' || cards.length === 0) return { shown, failed: 'no card' }
  if (isReply && !(isFilled(channel) && isMessageId(message))) return { shown, failed: 'no message to reply to' }
  if (bytes > MAX_CARD_BYTES) return { shown, failed: 'Request Entity too large' }
  return isReply ? { shown, channelId: String(channel), messageId: String(message) } : { shown, channelId }
}

function isFilled(value: unknown): value is string {
  return isString(value) && value !== ''
}

/** Milliseconds since the epoch, as in the link of a message. */
function isMessageId(value: unknown): boolean {
  return isString(value) && /^\d{13}$/.test(value)
}

/** 32 hex digits. */
function idOfFlow(number: number): string {
  return `0123456789abcdef${number.toString(16).padStart(16, '0')}`
}

/** The channels as a person reads them: answers below the message that they answer. */
function showRuns(runs: readonly WorkflowRun[]): string {
  return [
    'Teams simulator, cards of Workflows: newest last',
    ...runs.map(({ at, shown, channelId = '', messageId, failed }) => {
      const thread = messageId === undefined ? '' : `, in the thread of ${spellOut(messageId)}`
      const place = failed === undefined ? `${spellOut(channelId)}${thread}` : `not posted: ${failed}`
      return [`${formatTime(at)}  ${place}`, ...quoteLines(shown)].join('\n')
    }),
    '',
  ].join('\n\n')
}

function readRun(item: unknown): WorkflowRun {
  const saved = asObject(item) ?? {}
  const { failed, channelId, messageId } = saved
  return {
    at: readField(saved, 'at', isNumber),
    shown: readField(saved, 'shown', isString),
    body: readField(saved, 'body', isString),
    ...(isString(channelId) && { channelId }),
    ...(isString(messageId) && { messageId }),
    ...(isFailure(failed) && { failed }),
  }
}

function isFailure(value: unknown): value is NonNullable<WorkflowRun['failed']> {
  return value === 'no card' || value === 'no message to reply to' || value === 'Request Entity too large'
}
