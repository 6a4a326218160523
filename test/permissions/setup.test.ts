import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager'
import { type PolicyDocument, setupPolicy } from '@ticketing/stack'
import { intakeSecretId } from 'ticket-core'
import { expect, test } from 'vitest'
import { runInProcess } from '../support/run-in-process.ts'
import { CALLBACK_SECRETS, openAccount, SCOPE, TOKEN } from './account.ts'
import { takeEachAway } from './take-away.ts'

const whole = setupPolicy(SCOPE)
const NOWHERE = 'http://127.0.0.1:1'

const VALUES = {
  PREFIX: SCOPE.prefix,
  TRELLO_API_KEY: '0'.repeat(32),
  TRELLO_API_TOKEN: '0'.repeat(64),
  TRELLO_BOARD_ID: '0'.repeat(24),
  TRELLO_LIST_NAME: 'To Do',
  SLACK_URL: `${NOWHERE}/slack`,
  TEAMS_HMAC_SECRET: TOKEN,
}

/** Makes both secrets, then changes both. Throws when a step fails. */
async function setUpWith(policy: PolicyDocument): Promise<void> {
  await using account = await openAccount()
  for (const SecretId of [SCOPE.secretId, intakeSecretId(SCOPE.secretId)])
    await account.root.secretsManager.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
  const clients = await account.clientsFor(policy)
  const cwd = await mkdtemp(join(tmpdir(), 'ticketing-setup-'))
  try {
    for (const values of [VALUES, { ...CALLBACK_SECRETS, TRELLO_LIST_NAME: 'Doing' }]) {
      await writeFile(join(cwd, 'secret.json'), JSON.stringify(values))
      const env = { AWS_ENDPOINT_URL: 'http://cloud.internal', TICKETING_TRELLO_URL: NOWHERE }
      const args = ['init', '--from', 'secret.json', '--yes', '--public-url', 'https://tickets.example.com']
      const { code, output } = await runInProcess(args, { cwd, env, clients })
      if (code !== 0) throw new Error(output)
    }
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}

test('init needs no more than the setup policy', async () => {
  await expect(setUpWith(whole)).resolves.toBeUndefined()
})

test.each(takeEachAway(whole, { byPair: true }))('init cannot do without $without', async ({ policy }) => {
  await expect(setUpWith(policy)).rejects.toThrow(/may not/)
})
