import { randomUUID } from 'node:crypto'
import { createAwsClients } from 'ticket-adapters/aws'
import { systemClock } from 'ticket-adapters/clock'
import { createLog, createRedaction } from 'ticket-adapters/log'
import { createMetrics } from 'ticket-adapters/metrics'
import { describeSettingProblem, type Result } from 'ticket-core'
import {
  type FunctionUrlAnswer,
  readFunctionAddress,
  readFunctionUrlEvent,
  toFunctionUrlAnswer,
} from './function-url.ts'
import type { StartFailure } from './explain-start.ts'
import { replyText } from './http-values.ts'
import { sampleRefusals } from './sample-refusals.ts'
import { METRIC_HELP } from './route-request.ts'
import { readSettings } from './settings.ts'
import { type ConnectedLine, type StartOptions, connectLine } from './start.ts'

/** Line 1 as a function behind a Function URL or an HTTP API (payload format 2.0); EventBridge's scheduled event sweeps. */
export type HttpHandler = (event: unknown) => Promise<FunctionUrlAnswer>

/** What EventBridge sends on a schedule. No request can look like it: its body and headers are inside the event. */
function isScheduled(event: unknown): boolean {
  const detailType: unknown =
    typeof event === 'object' && event !== null ? Reflect.get(event, 'detail-type') : undefined
  return detailType === 'Scheduled Event'
}

/**
 * Makes the handler. It connects at the first event and stays connected. While it cannot, callers get 503, the log
 * shows the reasons, and the next event tries again.
 */
export function createHttpHandler(makeOptions: () => StartOptions): HttpHandler {
  let options: StartOptions | undefined
  let line: Promise<Result<ConnectedLine, StartFailure>> | undefined
  return async (event) => {
    options ??= sampled(makeOptions())
    const receivedAt = options.clock.monotonic()
    const request = readFunctionUrlEvent(event)
    if (!request.ok && !isScheduled(event)) {
      options.log.write('error', 'event.unreadable', {
        hint: 'the function expects HTTP events, payload format 2.0, or a scheduled event',
      })
      return toFunctionUrlAnswer(replyText(400, 'Bad Request\n'))
    }
    line ??= connectLine({ ...options, learnsAddress: true })
    const connected = await line
    if (!connected.ok) {
      line = undefined
      options.log.write('error', 'server.not-started', { code: connected.failure.code, lines: connected.failure.lines })
      return toFunctionUrlAnswer(replyText(503, 'Service Unavailable\n', { 'retry-after': '5' }))
    }
    if (request.ok) {
      const address = readFunctionAddress(event)
      if (address !== undefined) connected.value.reachedAt(address)
      return toFunctionUrlAnswer(await connected.value.handle({ ...request.value, receivedAt }))
    }
    await connected.value.sweep()
    return toFunctionUrlAnswer(replyText(200, ''))
  }
}

function sampled(options: StartOptions): StartOptions {
  return { ...options, log: sampleRefusals(options.log, options.clock) }
}

/**
 * The deployed function: environment, clock and network of the process, read at the first event.
 * @public
 */
export const handler: HttpHandler = createHttpHandler(() => {
  const settings = readSettings(process.env)
  if (!settings.ok) throw new Error(settings.failure.map(describeSettingProblem).join(' '))
  const { logLevel, region, endpoint } = settings.value
  const redaction = createRedaction()
  return {
    settings: settings.value,
    clients: createAwsClients({ ...(region !== undefined && { region }), ...(endpoint !== undefined && { endpoint }) }),
    clock: systemClock,
    log: createLog({
      write: (line) => void process.stdout.write(line),
      clock: systemClock,
      redaction,
      level: logLevel,
    }),
    metrics: createMetrics({ help: METRIC_HELP }),
    fetch,
    newNonce: () => randomUUID(),
    onSecret: (secret) => redaction.hideAppSecret(secret),
  }
})
