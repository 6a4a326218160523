import { createAwsClients } from 'ticket-adapters/aws'
import { createAdminNotifier } from 'ticket-adapters/notice'
import { createDeadLetterArchive, createLedgers } from 'ticket-adapters/s3'
import { createPartSource } from 'ticket-adapters/secrets-manager'
import { createSlackNotice } from 'ticket-adapters/slack'
import { createEffectQueue, createSourceQueue } from 'ticket-adapters/sqs'
import { createTeamsNotice } from 'ticket-adapters/teams'
import { readNoticeSecret } from 'ticket-core'
import {
  type FunctionRuntime,
  type QueueHandler,
  composeFunction,
  effectQueuesOf,
  lambdaEntry,
} from './compose-function.ts'
import { createReportDeadLetters } from './report/report-dead-letters.ts'

/** Dead letters: archived whole, an admin notified. */
export function createHandler(runtime: FunctionRuntime): QueueHandler {
  return composeFunction(runtime, ({ settings, log, metrics, redaction }) => {
    const { clock, clients, fetch } = runtime
    const store = { client: clients.s3, bucket: settings.bucket, clock }
    const secrets = createPartSource({
      client: clients.secretsManager,
      secretId: settings.secretId,
      read: readNoticeSecret,
      allowHttp: settings.isEmulated,
      clock,
      log,
      onSecret: (secret) => redaction.hideAppSecret(secret),
    })
    const edge = { fetch, clock, secrets }
    return createReportDeadLetters({
      ledgers: createLedgers(store),
      archive: createDeadLetterArchive(store),
      admin: createAdminNotifier({
        clock,
        channels: [createSlackNotice(edge), createTeamsNotice(edge)],
        target: settings.isEmulated ? '' : targetOf(runtime.env['AWS_REGION']),
      }),
      effects: createEffectQueue({ client: clients.sqs, ...effectQueuesOf(settings), clock, log }),
      source: createSourceQueue({ client: clients.sqs, queueUrl: settings.queueUrl, clock, log }),
      clock,
      log,
      metrics,
      newNonce: () => runtime.newNonce(),
    })
  })
}

/** An operator's command reaches real AWS only by `--aws`; without it, the `dev` of the folder. */
function targetOf(region: string | undefined): string {
  return region ? `--aws --region ${region}` : '--aws'
}

export const handler: QueueHandler = lambdaEntry(createHandler, createAwsClients)
