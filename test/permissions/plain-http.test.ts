import { PutObjectCommand } from '@aws-sdk/client-s3'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { createInProcessHandler } from '@ticketing/local-aws'
import { applyStack, createStackClients, describeStack, ensureSecret } from '@ticketing/stack'
import { expect, test } from 'vitest'
import { fastClock as clock, openAccount, SCOPE } from './account.ts'
import { emptyZip } from './operate.ts'

test('queues and bucket refuse what came in plain, even from the account itself', async () => {
  await using account = await openAccount()
  const { root, cloud } = account
  const secret = await ensureSecret(root, { secretId: SCOPE.secretId, values: {} })
  if (!secret.ok) throw new Error(secret.failure.problem)
  const code = { zip: emptyZip('any'), handler: 'index.handler' }
  const functions = { low: code, medium: code, high: code, news: code, events: code, dead: code }
  const applied = await applyStack(describeStack({ ...SCOPE, functions, secretArn: secret.value.arn }), root, { clock })
  expect(applied.ok).toBe(true)

  const plainly = createStackClients({
    endpoint: 'http://cloud.internal',
    region: SCOPE.region,
    credentials: { accessKeyId: 'root', secretAccessKey: 'root' },
    requestHandler: createInProcessHandler((request) =>
      cloud({ ...request, headers: { ...request.headers, 'x-forwarded-proto': 'http' } }),
    ),
    maxAttempts: 1,
  })
  const put = new PutObjectCommand({
    Bucket: `${SCOPE.prefix}-bucket`,
    Key: 'tickets/a.json',
    Body: '{}',
    IfNoneMatch: '*',
  })
  const refused = { message: expect.stringContaining('with an explicit deny in a resource-based policy') }
  await expect(plainly.s3.send(put)).rejects.toMatchObject(refused)
  await expect(root.s3.send(put)).resolves.toBeDefined()
  for (const stem of ['LP', 'MP', 'HP', 'NQ', 'EVQ', 'DLQ']) {
    const QueueUrl = `http://cloud.internal/${SCOPE.accountId}/${SCOPE.prefix}-${stem}`
    const send = new SendMessageCommand({ QueueUrl, MessageBody: 'b' })
    await expect(plainly.sqs.send(send), stem).rejects.toMatchObject(refused)
    await expect(root.sqs.send(send), stem).resolves.toBeDefined()
  }
})
