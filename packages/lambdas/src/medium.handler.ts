import { readTrelloSecret } from 'ticket-core'
import { createAwsClients } from 'ticket-adapters/aws'
import { createPartSource } from 'ticket-adapters/secrets-manager'
import { createTrelloSink } from 'ticket-adapters/trello'
import { composeDelivery } from './compose-delivery.ts'
import { type FunctionRuntime, type QueueHandler, lambdaEntry } from './compose-function.ts'

/** Medium priority: a Trello card. */
export function createHandler(runtime: FunctionRuntime): QueueHandler {
  const { clock, fetch } = runtime
  return composeDelivery(runtime, {
    lane: 'medium',
    isCalledBack: true,
    makeSink: ({ settings, log, redaction }) => {
      const secrets = createPartSource({
        client: runtime.clients.secretsManager,
        secretId: settings.secretId,
        read: readTrelloSecret,
        clock,
        log,
        onSecret: (secret) => redaction.hideAppSecret(secret),
      })
      const baseUrl = settings.trelloUrl
      return createTrelloSink({ fetch, clock, secrets, ...(baseUrl !== undefined && { baseUrl }) })
    },
  })
}

export const handler: QueueHandler = lambdaEntry(createHandler, createAwsClients)
