import { tmpdir } from 'node:os'
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { createLocalAws, type Intercept } from '@ticketing/local-aws'
import type { StackClients } from '@ticketing/stack'
import { createInProcessClients } from '@ticketing/testbed'
import { onTestFinished } from 'vitest'
import { fastClock } from '../permissions/account.ts'
import { runInProcess, type InProcessOptions, type InProcessResult } from '../support/run-in-process.ts'

/** The secret of the tests. No value of it may ever be shown. */
export const SECRET = {
  PREFIX: 'acme',
  TRELLO_API_KEY: 'trello-key-of-a-test',
  TRELLO_API_TOKEN: 'trello-token-of-a-test',
  TRELLO_BOARD_ID: '5f0000000000000000000001',
  TRELLO_LIST_NAME: 'To Do',
  SLACK_URL: 'https://slack.test/services/T0/B0/secret-path',
}
export const TOKEN = Buffer.from('a token of one team, in 32 bytes').toString('base64')

export interface StackCloud {
  readonly clients: StackClients
  /** `service:Operation` of every call of the commands so far. */
  readonly calls: string[]
  /** Runs `ticketing <words>` against this cloud. */
  readonly run: (words: string, options?: Partial<InProcessOptions>) => Promise<InProcessResult>
  /** Clients for another region of the same account. */
  readonly clientsIn: (region: string) => StackClients
  /** Changes keys of the secret; undefined removes one. */
  readonly changeSecret: (changes: Readonly<Record<string, string | undefined>>) => Promise<void>
  readonly intercept: (answer: Intercept | undefined) => void
}

/** An AWS account in this process with the secret, and nothing else. Its functions are never run. */
export async function startStackCloud({ region = 'us-east-1' } = {}): Promise<StackCloud> {
  const calls: string[] = []
  let answer: Intercept | undefined
  const aws = createLocalAws({
    clock: fastClock,
    intercept: (call, input, run) => {
      if (call.caller.roleName === undefined) calls.push(`${call.service}:${call.operation}`)
      return answer && call.caller.roleName === undefined ? answer(call, input, run) : run()
    },
  })
  onTestFinished(() => aws.close())
  const clientsIn = (where: string): StackClients =>
    createInProcessClients({
      region: where,
      endpoint: 'http://cloud.internal',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: aws.requestHandler,
    })
  const clients = clientsIn(region)
  let secret: Readonly<Record<string, string | undefined>> = SECRET
  for (const [Name, values] of [
    ['ticketing-app', secret],
    ['ticketing-app-intake', { TEAMS_HMAC_SECRET: TOKEN }],
  ] as const)
    await clients.secretsManager.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(values) }))
  calls.length = 0
  return {
    clients,
    calls,
    clientsIn,
    run: (words, options = {}) =>
      runInProcess(words.split(' '), {
        cwd: tmpdir(),
        env: { AWS_ENDPOINT_URL: 'http://cloud.internal', AWS_REGION: region },
        clock: fastClock,
        clients,
        ...options,
      }),
    changeSecret: async (changes) => {
      secret = { ...secret, ...changes }
      const SecretString = JSON.stringify(secret)
      await clients.secretsManager.send(new PutSecretValueCommand({ SecretId: 'ticketing-app', SecretString }))
    },
    intercept: (next) => void (answer = next),
  }
}
