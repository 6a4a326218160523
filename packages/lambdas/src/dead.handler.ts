import { createS3Client, createSecretsManagerClient, createSqsClient } from 'ticket-adapters/aws'
import { createAdminNotifier } from 'ticket-adapters/notice'
import { createDeadLetterArchive, createLedgers } from 'ticket-adapters/s3'
import { createPartSource } from 'ticket-adapters/secrets-manager'
import { createSlackNotice } from 'ticket-adapters/slack'
import { createSourceQueue } from 'ticket-adapters/sqs'
import { createTeamsNotice } from 'ticket-adapters/teams'
import { readNoticeSecret } from 'ticket-core'
import { type FunctionRuntime, type QueueHandler, composeFunction, lambdaEntry } from './compose-function.ts'
import { createReportDeadLetters } from './report/report-dead-letters.ts'

/** Dead letters: archived whole, an admin notified. */
export function createHandler(runtime: FunctionRuntime): QueueHandler {
  return composeFunction(runtime, ({ settings, log, metrics, redaction }) => {
    const { clock, aws, fetch } = runtime
    const s3 = createS3Client(aws)
    const store = { client: s3, bucket: settings.bucket, clock }
    const secrets = createPartSource({
      client: createSecretsManagerClient(aws),
      secretId: settings.secretId,
      read: readNoticeSecret,
      allowHttp: aws.endpoint !== undefined,
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
        target: targetOf(runtime),
      }),
      source: createSourceQueue({ client: createSqsClient(aws), queueUrl: settings.queueUrl, clock, log }),
      clock,
      log,
      metrics,
      newNonce: () => runtime.newNonce(),
    })
  })
}

/** An operator's command reaches real AWS only by `--aws`; without it, the `dev` of the folder. */
function targetOf({ aws, env }: FunctionRuntime): string {
  if (aws.endpoint !== undefined) return ''
  const region = env['AWS_REGION']
  return region ? `--aws --region ${region}` : '--aws'
}

export const handler: QueueHandler = lambdaEntry(createHandler)
