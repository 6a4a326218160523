import { readSlackSecret } from 'ticket-core'
import { createSecretsManagerClient } from 'ticket-adapters/aws'
import { createPartSource } from 'ticket-adapters/secrets-manager'
import { createSlackSink } from 'ticket-adapters/slack'
import { composeDelivery } from './compose-delivery.ts'
import type { Outside, QueueHandler } from './compose-function.ts'
import { handlerOfProcess } from './compose-function.ts'

/** High priority: a Slack message. */
export function createHandler(outside: Outside): QueueHandler {
  const { clock, fetch } = outside
  return composeDelivery(outside, {
    lane: 'high',
    makeSink: ({ settings, log, redaction }) => {
      const client = createSecretsManagerClient(outside.aws)
      const secrets = createPartSource({
        client,
        secretId: settings.secretId,
        read: readSlackSecret,
        allowHttp: outside.aws.endpoint !== undefined,
        clock,
        log,
        onSecret: (secret) => redaction.hideAppSecret(secret),
      })
      return createSlackSink({ fetch, clock, secrets })
    },
  })
}

export const handler: QueueHandler = handlerOfProcess(createHandler)
