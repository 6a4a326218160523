import type { Clock, Metrics } from 'ticket-core'
import { describeHealth } from './health.ts'
import { type Handle, type Reply, replyJson, replyText } from './http-values.ts'

export interface RouterPorts {
  /** Line 1. */
  readonly receive: Handle
  /** Callbacks of vendors, by their path. @default none */
  readonly callbacks?: Readonly<Record<string, Handle>>
  /** Names what is not ready yet ("secret", "queues"); empty when everything is. */
  readonly checkReadiness: () => Promise<readonly string[]>
  /** Prometheus text. */
  readonly renderMetrics: () => string
  readonly metrics: Metrics
  readonly clock: Clock
  /** Names the code that is deployed, see `Health`. */
  readonly release?: string | undefined
}

/** What the server counts, for the HELP lines of `/metrics`. */
export const METRIC_HELP: Readonly<Record<string, string>> = {
  ticketing_accepted_total: 'Tickets confirmed by SQS, by priority.',
  ticketing_repeated_total: 'Posts of an activity whose ticket was accepted before, by priority.',
  ticketing_refused_total: 'Requests and tickets that were not accepted, by code.',
  ticketing_callbacks_total: 'Signed callbacks of Trello and Slack, by vendor and outcome.',
  ticketing_commands_total: 'Commands of people, by verb and outcome.',
  ticketing_status_answers_total: 'Answers to "status T-...", by kind.',
  ticketing_defects_total: 'Bugs: requests answered with 500.',
  ticketing_answer_seconds: 'Time from the head of a POST to its answer, by status.',
  ticketing_sqs_call_seconds: 'Time of SendMessageBatch calls, by destination.',
  ticketing_sqs_entries_total: 'Entries of SendMessageBatch calls, by destination and outcome.',
}

const READERS = 'GET, HEAD'
const USAGE =
  'Method Not Allowed: Teams posts its messages here. To check the server: GET /health, /ready or /metrics.\n'

/** Everything reachable over HTTP: line 1 at `POST /`, callbacks, and three pages for machines. Nothing administrative. */
export function createRouter(ports: RouterPorts): Handle {
  const { receive, callbacks = {}, checkReadiness, renderMetrics, metrics, clock, release } = ports
  const pages: Readonly<Record<string, () => Reply | Promise<Reply>>> = {
    '/health': () => replyJson(describeHealth(release)),
    '/ready': async () => {
      const unready = await checkReadiness()
      return unready.length === 0
        ? replyJson({ status: 'ready' })
        : replyJson({ status: 'not ready', waitingFor: unready }, 503)
    },
    '/metrics': () => ({
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: renderMetrics(),
    }),
  }

  return async (request) => {
    const { method } = request
    const path = request.path.split('?', 1)[0] ?? ''
    if (path === '/') {
      if (method !== 'POST') return replyText(405, USAGE, { allow: 'POST' })
      const startedAt = request.receivedAt ?? clock.monotonic()
      const reply = await receive(request)
      metrics.observe('ticketing_answer_seconds', (clock.monotonic() - startedAt) / 1000, {
        status: String(reply.status),
      })
      return reply
    }
    const callback = Object.hasOwn(callbacks, path) ? callbacks[path] : undefined
    if (callback) return callback(request)
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined
    if (!page) return replyText(404, 'Not Found\n')
    if (method !== 'GET' && method !== 'HEAD') return replyText(405, 'Method Not Allowed\n', { allow: READERS })
    return page()
  }
}
