import { CreateSecretCommand, DeleteSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { expect, it } from 'vitest'
import { type TestAccount, startAccount } from '../test/start-account.ts'
import { ensureSecret } from './ensure-secret.ts'

const secretId = 'ticketing-app'
const values = { PREFIX: 'acme', TRELLO_API_KEY: 'key-of-a-test', SLACK_URL: 'https://hooks.example.test/a' }

it('makes the secret where there is none', async () => {
  const account = startAccount()
  const ensured = await ensureSecret(account.clients, { secretId, values })
  expect(ensured).toMatchObject({ ok: true, value: { action: 'created' } })
  expect(await read(account)).toEqual(values)
})

it('leaves one that holds the same values alone, with its other keys', async () => {
  const account = startAccount()
  await put(account, { ...values, ADMIN_SLACK_URL: 'https://hooks.example.test/b' })
  const ensured = await ensureSecret(account.clients, { secretId, values }, { overwrite: true })
  expect(ensured).toMatchObject({ ok: true, value: { action: 'unchanged', keys: [] } })
})

it('names the keys that differ and changes none', async () => {
  const account = startAccount()
  await put(account, { ...values, TRELLO_API_KEY: 'another' })
  const ensured = await ensureSecret(account.clients, { secretId, values })
  expect(ensured).toMatchObject({ ok: true, value: { action: 'differs', keys: ['TRELLO_API_KEY'] } })
  expect(await read(account)).toMatchObject({ TRELLO_API_KEY: 'another' })
})

it('overwrites with `overwrite`, and keeps the keys that were not given', async () => {
  const account = startAccount()
  await put(account, { ...values, SLACK_URL: 'https://hooks.example.test/old', MINE: 'stays' })
  const ensured = await ensureSecret(account.clients, { secretId, values }, { overwrite: true })
  expect(ensured).toMatchObject({ ok: true, value: { action: 'updated', keys: ['SLACK_URL'] } })
  expect(await read(account)).toEqual({ ...values, MINE: 'stays' })
})

it('removes a key with `overwrite` only, and once', async () => {
  const account = startAccount()
  await put(account, { ...values, MINE: 'stays', OLD: 'goes' })
  const wanted = { secretId, values, removed: ['OLD', 'NEVER'] }
  const refused = await ensureSecret(account.clients, wanted)
  expect(refused).toMatchObject({ ok: true, value: { action: 'differs', keys: ['OLD'] } })
  const ensured = await ensureSecret(account.clients, wanted, { overwrite: true })
  expect(ensured).toMatchObject({ ok: true, value: { action: 'updated', keys: ['OLD'] } })
  expect(await read(account)).toEqual({ ...values, MINE: 'stays' })
  const again = await ensureSecret(account.clients, wanted, { overwrite: true })
  expect(again).toMatchObject({ ok: true, value: { action: 'unchanged' } })
})

it('is harmless when two callers make it concurrently', async () => {
  const account = startAccount()
  const both = await Promise.all([1, 2].map(() => ensureSecret(account.clients, { secretId, values })))
  const actions = both
    .map((ensured) => ensured.ok && ensured.value.action)
    .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
  expect(actions).toEqual(['created', 'unchanged'])
})

it('never returns a value', async () => {
  const account = startAccount()
  await put(account, { ...values, TRELLO_API_KEY: 'another' })
  const ensured = [
    await ensureSecret(account.clients, { secretId, values }),
    await ensureSecret(account.clients, { secretId, values }, { overwrite: true }),
  ]
  expect(JSON.stringify(ensured)).not.toMatch(/key-of-a-test|another|hooks/)
})

it('says how to restore one that is being deleted', async () => {
  const account = startAccount()
  await put(account, values)
  await account.clients.secretsManager.send(new DeleteSecretCommand({ SecretId: secretId }))
  expect(await ensureSecret(account.clients, { secretId, values })).toMatchObject({
    ok: false,
    failure: {
      code: 'secret-being-deleted',
      todo: expect.stringContaining('restore-secret --secret-id ticketing-app'),
    },
  })
})

async function put({ clients }: TestAccount, content: Record<string, string>): Promise<void> {
  await clients.secretsManager.send(new CreateSecretCommand({ Name: secretId, SecretString: JSON.stringify(content) }))
}

async function read({ clients }: TestAccount): Promise<unknown> {
  const { SecretString = '' } = await clients.secretsManager.send(new GetSecretValueCommand({ SecretId: secretId }))
  return JSON.parse(SecretString)
}
