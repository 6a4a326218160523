import { ListRulesCommand } from '@aws-sdk/client-eventbridge'
import { ListRolesCommand } from '@aws-sdk/client-iam'
import { ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, it } from 'vitest'
import { createStackClients, readCaller } from './index.ts'

/** Nothing listens on this port. */
const endpoint = 'http://127.0.0.1:9'
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

it('gives every client a time-out, so that an AWS that stays silent is an error', async () => {
  const clients = createStackClients({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
  const { sqs, s3, lambda, iam, sts, secretsManager, eventBridge } = clients
  // A handler resolves its settings at the first call.
  await Promise.allSettled([
    sqs.send(new ListQueuesCommand({})),
    s3.send(new ListBucketsCommand({})),
    lambda.send(new ListFunctionsCommand({})),
    iam.send(new ListRolesCommand({})),
    sts.send(new GetCallerIdentityCommand({})),
    secretsManager.send(new ListSecretsCommand({})),
    eventBridge.send(new ListRulesCommand({})),
  ])
  for (const [name, { config }] of Object.entries(clients)) {
    const settings = config.requestHandler.httpHandlerConfigs?.()
    expect(settings, name).toMatchObject({
      connectionTimeout: 1500,
      requestTimeout: 15_000,
      throwOnRequestTimeout: true,
    })
  }
})

it('names credentials that no request can carry, and does not report a network failure', async () => {
  const broken = { AWS_ACCESS_KEY_ID: 'line\n' }
  const given = createStackClients({
    endpoint,
    region: 'us-east-1',
    credentials: async () => ({ accessKeyId: broken.AWS_ACCESS_KEY_ID, secretAccessKey: 'x' }),
  })
  expect(await readCaller(given)).toMatchObject({
    ok: false,
    failure: { code: 'no-credentials', problem: expect.stringContaining('AWS_ACCESS_KEY_ID') },
  })
})
