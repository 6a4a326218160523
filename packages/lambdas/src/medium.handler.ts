import { readTrelloSecret } from 'ticket-core'
import { createSecretsManagerClient } from 'ticket-adapters/aws'
import { createPartSource } from 'ticket-adapters/secrets-manager'
import { createTrelloSink } from 'ticket-adapters/trello'
import { composeDelivery } from './compose-delivery.ts'
import type { Outside, QueueHandler } from './compose-function.ts'
import { handlerOfProcess } from './compose-function.ts'

/** Medium priority: a Trello card. */
export function createHandler(outside: Outside): QueueHandler {
  const { clock, fetch } = outside
  return composeDelivery(outside, {
    lane: 'medium',
    makeSink: ({ settings, log, redaction }) => {
      const client = createSecretsManagerClient(outside.aws)
      const secrets = createPartSource({
        client,
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

export const handler: QueueHandler = handlerOfProcess(createHandler)
