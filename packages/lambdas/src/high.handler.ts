import { readSlackSecret } from 'ticket-core'
import { createAwsClients } from 'ticket-adapters/aws'
import { createPartSource } from 'ticket-adapters/secrets-manager'
import { createSlackSink } from 'ticket-adapters/slack'
import { composeDelivery } from './compose-delivery.ts'
import { type FunctionRuntime, type QueueHandler, lambdaEntry } from './compose-function.ts'

/** High priority: a Slack message. */
export function createHandler(runtime: FunctionRuntime): QueueHandler {
  const { clock, fetch } = runtime
  return composeDelivery(runtime, {
    lane: 'high',
    makeSink: ({ settings, log, redaction }) => {
      const secrets = createPartSource({
        client: runtime.clients.secretsManager,
        secretId: settings.secretId,
        read: readSlackSecret,
        allowHttp: settings.isEmulated,
        clock,
        log,
        onSecret: (secret) => redaction.hideAppSecret(secret),
      })
      return createSlackSink({ fetch, clock, secrets, buttons: settings.slackButtons })
    },
  })
}

export const handler: QueueHandler = lambdaEntry(createHandler, createAwsClients)
