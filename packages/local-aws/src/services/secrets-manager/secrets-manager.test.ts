import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  TagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager'
import { expect, test } from 'vitest'
import { callJson, signedFor } from '../../testing/call-raw.ts'
import { failureOf, startAccount } from '../../testing/start-account.ts'

const DAY = 24 * 3600 * 1000
const zeros = (size: number): Uint8Array => new Uint8Array(size)
const notFound = {
  name: 'ResourceNotFoundException',
  message: "Secrets Manager can't find the specified secret.",
  status: 400,
}

test('gives a secret an ARN, and finds it by name, by ARN and by ARN without the last characters', async () => {
  using account = startAccount({ random: zeros })
  const made = await account.secrets.send(new CreateSecretCommand({ Name: 'app/key', SecretString: 'v1' }))
  expect(made.ARN).toBe('arn:aws:secretsmanager:us-east-1:000000000000:secret:app/key-AAAAAA')
  for (const SecretId of ['app/key', made.ARN ?? '', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:app/key']) {
    const read = await account.secrets.send(new GetSecretValueCommand({ SecretId }))
    expect(read).toMatchObject({ SecretString: 'v1', VersionStages: ['AWSCURRENT'], VersionId: made.VersionId })
  }
  const elsewhere = account.secretsAs({ region: 'eu-west-1' })
  expect(await failureOf(elsewhere.send(new GetSecretValueCommand({ SecretId: 'app/key' })))).toEqual(notFound)
})

test('a repeated request creates one secret; another secret of the same name is rejected', async () => {
  using account = startAccount()
  const request = { Name: 'one', SecretString: 'v1', ClientRequestToken: 'a'.repeat(32) }
  const first = await account.secrets.send(new CreateSecretCommand(request))
  expect((await account.secrets.send(new CreateSecretCommand(request))).ARN).toBe(first.ARN)
  const other = account.secrets.send(new CreateSecretCommand({ ...request, SecretString: 'v2' }))
  expect(await failureOf(other)).toEqual({
    name: 'ResourceExistsException',
    message: 'The operation failed because the secret one already exists.',
    status: 400,
  })
})

test('a new value becomes the current one and the old one the previous', async () => {
  using account = startAccount()
  await account.secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'v1' }))
  const missing = account.secrets.send(new GetSecretValueCommand({ SecretId: 's', VersionStage: 'AWSPREVIOUS' }))
  expect((await failureOf(missing)).message).toBe(
    "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
  )
  const SecretBinary = new Uint8Array([0, 255, 1])
  const put = await account.secrets.send(new PutSecretValueCommand({ SecretId: 's', SecretBinary }))
  const updated = await account.secrets.send(new UpdateSecretCommand({ SecretId: 's', SecretString: 'v3' }))
  const current = await account.secrets.send(new GetSecretValueCommand({ SecretId: 's' }))
  expect(current).toMatchObject({ SecretString: 'v3', VersionId: updated.VersionId })
  const previous = await account.secrets.send(new GetSecretValueCommand({ SecretId: 's', VersionStage: 'AWSPREVIOUS' }))
  expect(previous).toMatchObject({ SecretBinary, VersionId: put.VersionId })
  const { VersionIdsToStages } = await account.secrets.send(new DescribeSecretCommand({ SecretId: 's' }))
  expect(Object.values(VersionIdsToStages ?? {})).toEqual(expect.arrayContaining([['AWSCURRENT'], ['AWSPREVIOUS']]))
  const mismatch = new GetSecretValueCommand({
    SecretId: 's',
    VersionStage: 'AWSCURRENT',
    VersionId: put.VersionId ?? '',
  })
  expect(await failureOf(account.secrets.send(mismatch))).toMatchObject({
    name: 'InvalidRequestException',
    message: 'You provided a VersionStage that is not associated to the provided VersionId.',
  })
})

test('a deleted secret can be restored until its recovery window ends', async () => {
  using account = startAccount()
  await account.secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'v1' }))
  const deletion = new DeleteSecretCommand({ SecretId: 's', RecoveryWindowInDays: 7 })
  expect((await account.secrets.send(deletion)).DeletionDate).toEqual(new Date('2026-12-01T10:00:00Z'))
  const read = new GetSecretValueCommand({ SecretId: 's' })
  const marked = "You can't perform this operation on the secret because it was marked for deletion."
  expect((await failureOf(account.secrets.send(read))).message).toBe(marked)
  const tag = new TagResourceCommand({ SecretId: 's', Tags: [{ Key: 'a', Value: 'b' }] })
  expect((await failureOf(account.secrets.send(tag))).message).toBe(marked)
  const again = new CreateSecretCommand({ Name: 's', SecretString: 'v2' })
  expect((await failureOf(account.secrets.send(again))).message).toBe(
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
  )
  await account.secrets.send(new RestoreSecretCommand({ SecretId: 's' }))
  expect((await account.secrets.send(read)).SecretString).toBe('v1')
  await account.secrets.send(deletion)
  await account.clock.advance(7 * DAY)
  expect(await failureOf(account.secrets.send(read))).toEqual(notFound)
})

test('a secret deleted by force can be created again at once', async () => {
  using account = startAccount()
  await account.secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'v1' }))
  await account.secrets.send(new DeleteSecretCommand({ SecretId: 's', ForceDeleteWithoutRecovery: true }))
  await account.secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'v2' }))
  expect((await account.secrets.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString).toBe('v2')
})

test.each([
  [
    { Name: 'a b' },
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  ],
  [
    { Name: 's', SecretString: 'x'.repeat(65_537) },
    'ValidationException',
    "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536",
  ],
  [
    { Name: 's', ClientRequestToken: 'short', SecretString: 'x' },
    'InvalidParameterException',
    'ClientRequestToken must be 32-64 characters long.',
  ],
])('rejects an invalid request (%#)', async (request, name, message) => {
  using account = startAccount()
  expect(await failureOf(account.secrets.send(new CreateSecretCommand(request)))).toEqual({
    name,
    message,
    status: 400,
  })
})

test('lists newest first, filtered and page by page', async () => {
  using account = startAccount()
  for (const Name of ['app-one', 'app-two', 'other']) {
    await account.secrets.send(
      new CreateSecretCommand({ Name, SecretString: 'x', Tags: [{ Key: 'team', Value: Name }] }),
    )
    await account.clock.advance(1000)
  }
  const names = async (input: object): Promise<(string | undefined)[] | undefined> =>
    (await account.secrets.send(new ListSecretsCommand(input))).SecretList?.map(({ Name }) => Name)
  expect(await names({})).toEqual(['other', 'app-two', 'app-one'])
  expect(await names({ Filters: [{ Key: 'name', Values: ['app'] }], SortOrder: 'asc' })).toEqual(['app-one', 'app-two'])
  expect(await names({ Filters: [{ Key: 'tag-value', Values: ['!app'] }] })).toEqual(['other'])
  const { NextToken } = await account.secrets.send(new ListSecretsCommand({ MaxResults: 2 }))
  expect(await names({ MaxResults: 2, NextToken })).toEqual(['app-one'])
})

test('names the member of its errors’ message as AWS does', async () => {
  using account = startAccount()
  const call = { target: 'secretsmanager.GetSecretValue', input: { SecretId: 'none' } }
  const { text } = await callJson(account.cloud, call, signedFor('secretsmanager'))
  expect(JSON.parse(text)).toEqual({
    __type: 'com.amazonaws.secretsmanager#ResourceNotFoundException',
    Message: "Secrets Manager can't find the specified secret.",
  })
})
