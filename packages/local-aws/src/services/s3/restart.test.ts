import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { expect, onTestFinished, test } from 'vitest'
import { startAccount } from '../../testing/start-account.ts'

const AssumeRolePolicyDocument =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'

test('objects, secrets and roles are there after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'local-aws-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'cloud.sqlite')
  {
    using before = startAccount({ path })
    await before.s3.send(new CreateBucketCommand({ Bucket: 'shelf' }))
    await before.s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'k', Body: 'kept', Metadata: { a: '1' } }))
    await before.secrets.send(new CreateSecretCommand({ Name: 's', SecretString: 'kept' }))
    await before.iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument }))
  }
  using after = startAccount({ path })
  const object = await after.s3.send(new GetObjectCommand({ Bucket: 'shelf', Key: 'k' }))
  expect(await object.Body?.transformToString()).toBe('kept')
  expect(object.Metadata).toEqual({ a: '1' })
  expect((await after.secrets.send(new GetSecretValueCommand({ SecretId: 's' }))).SecretString).toBe('kept')
  expect((await after.iam.send(new GetRoleCommand({ RoleName: 'r' }))).Role?.RoleName).toBe('r')
})
