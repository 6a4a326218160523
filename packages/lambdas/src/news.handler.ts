import { readNewsSecret, type DeliveryOutcome } from 'ticket-core'
import { createAwsClients } from 'ticket-adapters/aws'
import { createPartSource } from 'ticket-adapters/secrets-manager'
import { createNewsSink } from 'ticket-adapters/teams'
import { composeDelivery } from './compose-delivery.ts'
import { type FunctionRuntime, type QueueHandler, lambdaEntry } from './compose-function.ts'

/** Line 2 lets nothing else through to this lane's sink. */
async function onlyNews(): Promise<DeliveryOutcome> {
  return { kind: 'rejected', code: 'misrouted', reason: 'The lane of news delivers nothing else.' }
}

/** News of tickets for their reporters' teams: cards in Teams. */
export function createHandler(runtime: FunctionRuntime): QueueHandler {
  const { clock, fetch } = runtime
  return composeDelivery(runtime, {
    lane: 'news',
    hasDeathNews: true,
    makeSink: ({ settings, log, redaction }) => {
      const secrets = createPartSource({
        client: runtime.clients.secretsManager,
        secretId: settings.secretId,
        read: readNewsSecret,
        allowHttp: settings.isEmulated,
        clock,
        log,
        onSecret: (secret) => redaction.hideAppSecret(secret),
      })
      return { ...createNewsSink({ fetch, clock, secrets }), deliver: onlyNews, note: onlyNews }
    },
  })
}

export const handler: QueueHandler = lambdaEntry(createHandler, createAwsClients)
