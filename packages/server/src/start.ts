import type { AwsClients } from 'ticket-adapters/aws'
import type { MetricsRegistry } from 'ticket-adapters/metrics'
import {
  createAddressBook,
  createCaseStore,
  createIndexStore,
  createLedgerReader,
  createLedgers,
  createSweepCursors,
  createTokenTeams,
  findBucket,
} from 'ticket-adapters/s3'
import { createSecretSource } from 'ticket-adapters/secrets-manager'
import { createPressAnswers } from 'ticket-adapters/slack'
import { createEventQueue, createTicketQueue, findQueueUrl } from 'ticket-adapters/sqs'
import { createBoardReader } from 'ticket-adapters/trello'
import {
  type AppSecret,
  type Clock,
  type Log,
  type Result,
  type WorkLane,
  fail,
  nameResources,
  prepareKeyRing,
  succeed,
  INTAKE_LANES,
} from 'ticket-core'
import { type StartFailure, explainListenError, explainQueues, explainSecret, explainTokens } from './explain-start.ts'
import { createCallbacks } from './callbacks.ts'
import { createReadinessCheck } from './check-readiness.ts'
import type { Handle } from './http-values.ts'
import { listen } from './listen.ts'
import { createReceiver } from './receive-activity.ts'
import { createSourceReader } from './read-source.ts'
import { sampleRefusals } from './sample-refusals.ts'
import { createRouter } from './route-request.ts'
import type { Settings } from './settings.ts'
import { createEscalation } from './sweep/escalate.ts'
import { createBacklogReport } from './sweep/report-backlog.ts'
import { createSweep, startSweep } from './sweep/start-sweep.ts'
import { createBoardSweep } from './sweep/sweep-board.ts'

export interface StartOptions {
  readonly settings: Settings
  readonly clients: AwsClients
  readonly clock: Clock
  readonly log: Log
  readonly metrics: MetricsRegistry
  /** Reaches Trello, for the sweep, and Slack, for the messages that were pressed. */
  readonly fetch: typeof fetch
  readonly newNonce: () => string
  /** Each request names the address that its sender called: no setting needs to. */
  readonly learnsAddress?: boolean
  /** Names the functions' code that was shipped with this server. */
  readonly release?: string | undefined
  /** Called with every secret before it is used, so that the log can hide its values. */
  readonly onSecret?: (secret: AppSecret) => void
}

/** Line 1, connected to AWS, without a listener. */
export interface ConnectedLine {
  readonly handle: Handle
  /** Reads what Trello did not call back about, and escalates; to be called once a minute. Never rejects. */
  readonly sweep: () => Promise<void>
  /** Waits until everything that was given to a queue has its outcome. */
  readonly drain: () => Promise<void>
  /** Which secret holds the tokens, and what that means. */
  readonly tokens: string
  /** `/ready` says 503 from now on. */
  readonly retire: () => void
  /** Where vendors reach it, unless a setting says so. */
  readonly reachedAt: (url: string) => void
}

/** A server that answers. */
export interface RunningServer {
  /** Where this machine reaches it. */
  readonly url: string
  /** Begins to shut down: `/ready` says 503 and every answer closes its connection. Requests are still answered. */
  retire(): void
  /** Answers every accepted request, finishes every queued send, then closes. May be called again. */
  close(): Promise<void>
}

const ONE_SECRET = 'in the secret for all: a function that reads it could sign as Teams, Trello or Slack'
const TWO_SECRETS = 'in a secret of their own, which no function may read'
const RESTART = 'restart the server to use the new PREFIX'
const KEEPS_PREFIX = 'this function keeps its prefix; `ticketing up` makes one for the new PREFIX'
const NO_ADDRESS =
  'TRELLO_API_SECRET is in the secret, but TICKETING_PUBLIC_URL is not set: without it no callback of Trello can be verified, and /trello is 404'

/** This object never exists: reading it shows whether the server may read the bucket. */
const READY_KEY = 'token-teams/ready.json'

/** Reads the secret, finds the queues of its prefix, and composes line 1. */
export async function connectLine(options: StartOptions): Promise<Result<ConnectedLine, StartFailure>> {
  const { settings, clients, clock, log, metrics, onSecret } = options
  let prefix: string | undefined
  let lastPrefix: string | undefined
  const secret = createSecretSource({
    client: clients.secretsManager,
    secretId: settings.secretId,
    allowHttp: settings.endpoint !== undefined,
    clock,
    // Until it is read once, what is wrong with it is the failure of the start, which is explained below.
    log: { write: (...line) => (prefix === undefined ? undefined : log.write(...line)) },
    onSecret: (value) => {
      onSecret?.(value)
      // Once: the secret is read every few minutes.
      if (prefix !== undefined && prefix !== value.prefix && lastPrefix !== value.prefix)
        log.write('warn', 'secret.prefix-changed', { inUse: prefix, hint: settings.stack ? KEEPS_PREFIX : RESTART })
      lastPrefix = value.prefix
    },
  })
  const read = await secret.current()
  if (!read.ok) return fail(explainSecret(read.failure, settings.secretId))
  const ring = prepareKeyRing(read.value.teamsTokens)
  if (!ring.ok) return fail(explainTokens(ring.failure, settings.secretId))
  const stack = settings.stack ?? read.value
  prefix = stack.prefix
  const { bucket, lanes } = nameResources(prefix, stack.bucket)
  const findUrl = (lane: WorkLane): ReturnType<typeof findQueueUrl> =>
    findQueueUrl({ client: clients.sqs, name: lanes[lane].queue, clock })
  const urls = await Promise.all([findUrl('low'), findUrl('medium'), findUrl('high'), findUrl('events')])
  const [low, medium, high, ofEvents] = urls
  if (!low.ok || !medium.ok || !high.ok || !ofEvents.ok)
    return fail(explainQueues(urls.flatMap((found) => (found.ok ? [] : [found.failure]))))

  const queueUrls = { low: low.value, medium: medium.value, high: high.value }
  const queue = createTicketQueue({ client: clients.sqs, queueUrls, clock, log, metrics })
  const events = createEventQueue({ client: clients.sqs, queueUrl: ofEvents.value, clock, log })
  const store = { client: clients.s3, bucket, clock }
  const cases = createCaseStore(store)
  const index = createIndexStore(store)
  const receive = createReceiver({
    secret,
    queue,
    events,
    ledger: createLedgerReader(store),
    cases,
    index,
    people: createAddressBook(store),
    tokenTeams: createTokenTeams(store),
    clock,
    log,
    metrics,
    maxAgeMs: settings.maxAgeMs,
  })
  const checkReadiness = createReadinessCheck({
    clock,
    checks: {
      secret: async () => (await secret.current()).ok,
      queues: async () => (await Promise.all(INTAKE_LANES.map(findUrl))).every(({ ok }) => ok),
      // docs/decisions/0017: an S3 that does not answer does not stop intake.
      bucket: async () => (await findBucket(store, READY_KEY)).kind !== 'missing',
    },
  })
  const { fetch, newNonce } = options
  let isRetired = false
  let { publicUrl } = settings
  const needsAddress = publicUrl === undefined && settings.endpoint === undefined && !options.learnsAddress
  if (read.value.trelloApiSecret !== undefined && needsAddress)
    log.write('warn', 'callbacks.no-address', { hint: NO_ADDRESS })
  const callbacks = createCallbacks({
    secret,
    cases,
    events,
    places: index,
    pressAnswers: createPressAnswers({ fetch, clock, baseUrl: settings.slackUrl }),
    publicUrl: () => publicUrl,
    clock,
    log,
    metrics,
  })
  const { escalateAfterMs } = settings
  const ledgers = createLedgers(store)
  const sweep = createSweep({
    secret,
    sweepBoard: createBoardSweep({
      board: createBoardReader({ secrets: secret, fetch, clock, baseUrl: settings.trelloUrl }),
      cursors: createSweepCursors(store),
      places: index,
      ledger: ledgers.medium,
      cases,
      events,
      clock,
      log,
      metrics,
      newNonce,
    }),
    escalate: escalateAfterMs > 0 ? createEscalation({ index, cases, events, clock, log, escalateAfterMs }) : undefined,
    reportBacklog: createBacklogReport({ index, ledgers, clock, log }),
    clock,
    log,
  })
  const handle = createRouter({
    receive,
    callbacks,
    checkReadiness: async () => (isRetired ? ['stopping'] : checkReadiness()),
    renderMetrics: () => metrics.render(),
    metrics,
    clock,
    release: options.release,
  })
  return succeed({
    handle,
    sweep,
    drain: async () => {
      await Promise.all([queue.drain(), events.drain()])
    },
    tokens: read.value.sharedTokens ? ONE_SECRET : TWO_SECRETS,
    retire: () => {
      isRetired = true
    },
    reachedAt: (url) => {
      publicUrl ??= url
    },
  })
}

/** Starts the server: connected, listening, ready. A failure is a value that says what to do. */
export async function startServer(options: StartOptions): Promise<Result<RunningServer, StartFailure>> {
  const { settings, clock, metrics } = options
  const log = sampleRefusals(options.log, clock)
  const connected = await connectLine({ ...options, log })
  if (!connected.ok) return connected
  const { handle, sweep, drain, tokens, retire, reachedAt } = connected.value
  const { host, port } = settings
  try {
    const readSource = createSourceReader(settings.trustedProxies)
    const listening = await listen({ handle, host, port, clock, log, metrics, readSource })
    const url = `http://${nameHost(host)}:${listening.port}`
    // On AWS this machine's own address cannot be reached from outside.
    if (settings.endpoint !== undefined) reachedAt(url)
    const stopSweep = startSweep(sweep, clock)
    log.write('info', 'server.started', { url, region: settings.region, endpoint: settings.endpoint, tokens })
    return succeed({
      url,
      retire() {
        retire()
        listening.retire()
        void stopSweep()
      },
      close: async () => {
        await listening.close()
        await stopSweep()
        await drain()
      },
    })
  } catch (error) {
    return fail(explainListenError(error, settings))
  }
}

/** A name to connect to: "every address of this machine" is none. */
function nameHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
