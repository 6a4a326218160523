import { GetObjectCommand } from '@aws-sdk/client-s3'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, test } from 'vitest'
import { type AwsAnswer, type AwsCall, fakeAws, jsonError, networkError, s3Error } from '../../test/fake-aws.ts'
import { startVendor } from '../../test/vendor-server.ts'
import { systemClock } from '../clock/index.ts'
import { withDeadline } from '../clock/with-deadline.ts'
import { createS3Client, createSqsClient, type AwsClientOptions } from './index.ts'
import { describeAwsFailure, isThrottled, readAwsFailure, type AwsFailure } from './read-failure.ts'

const send = new SendMessageCommand({ QueueUrl: 'http://somewhere.else:9/000000000000/q', MessageBody: 'b' })
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }

test('SQS is asked at the endpoint, whatever host the queue’s URL names', async () => {
  const calls: AwsCall[] = []
  const client = createSqsClient(
    fakeAws((call) => {
      calls.push(call)
      return jsonError('QueueDoesNotExist')
    }),
  )
  await expect(client.send(send)).rejects.toMatchObject({ name: 'QueueDoesNotExist' })
  expect(calls.map(({ host }) => host)).toEqual(['aws.test'])
})

test('with an endpoint the bucket is in the path, without one in the host', async () => {
  const calls: AwsCall[] = []
  const options = fakeAws((call) => {
    calls.push(call)
    return { status: 200, body: '' }
  })
  const { endpoint: _, ...real } = options
  await createS3Client(options).send(new GetObjectCommand({ Bucket: 'dev-bucket', Key: 'a/b' }))
  await createS3Client(real).send(new GetObjectCommand({ Bucket: 'dev-bucket', Key: 'a/b' }))
  expect(calls.map(({ host, path }) => host + path)).toEqual([
    'aws.test/dev-bucket/a/b',
    'dev-bucket.s3.eu-central-1.amazonaws.com/a/b',
  ])
})

test('a call is made once: trying again is the adapters’ business', async () => {
  let calls = 0
  const client = createSqsClient(
    fakeAws(() => {
      calls += 1
      return jsonError('InternalFailure', 500)
    }),
  )
  await expect(client.send(send)).rejects.toThrow('InternalFailure happened')
  expect(calls).toBe(1)
})

async function failureOf(answer: () => AwsAnswer, options: AwsClientOptions = {}): Promise<AwsFailure> {
  const client = createSqsClient({ ...fakeAws(answer), ...options })
  const ended = await withDeadline(systemClock, systemClock.now() + 10_000, () => client.send(send))
  if (ended.kind === 'done') throw new Error('it did not fail')
  return readAwsFailure(ended)
}

const fileIsGone = Object.assign(new Error("ENOENT: no such file or directory, open '/token'"), {
  code: 'ENOENT',
  syscall: 'open',
})
const refusedByService = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error(`${name} happened`), { name, $metadata: { httpStatusCode } })
const noCredentials = (message: string): Error =>
  Object.assign(new Error(message), { name: 'CredentialsProviderError' })
const failWith = (error: Error) => async () => {
  throw error
}

test.each(['RequestThrottledException', 'RequestLimitExceeded', 'ThrottledException', 'KmsThrottled', 'OverLimit'])(
  '%s is a throttle, from any service, and a used-up quota is not',
  (name) => {
    expect(isThrottled({ name })).toBe(true)
    expect(isThrottled({ name: `AWS.SimpleQueueService.${name}` })).toBe(true)
    expect(isThrottled({ name, message: 'Cannot exceed quota for RolesPerAccount: 1000' })).toBe(false)
  },
)

describe('why a call failed', () => {
  test.each([
    [jsonError('QueueDoesNotExist'), { kind: 'refused', name: 'QueueDoesNotExist', status: 400, throttled: false }],
    [jsonError('RequestThrottled', 403), { kind: 'refused', name: 'RequestThrottled', status: 403, throttled: true }],
    [s3Error('SlowDown', 503), { kind: 'no-answer', status: 503 }],
    [jsonError('SlowDown', 503), { kind: 'refused', name: 'SlowDown', status: 503, throttled: true }],
    [jsonError('InternalFailure', 500), { kind: 'no-answer', name: 'InternalFailure', status: 500 }],
    [
      { status: 200, body: 'no JSON' },
      { kind: 'no-answer', status: 200 },
    ],
  ])('%#: answered', async (answer, failure) => {
    expect(await failureOf(() => answer)).toMatchObject(failure)
  })

  test.each([
    [networkError('ECONNREFUSED', 'connect'), { kind: 'not-sent', name: 'ECONNREFUSED' }],
    [networkError('ETIMEDOUT', 'connect'), { kind: 'not-sent', name: 'ETIMEDOUT' }],
    [networkError('ECONNRESET'), { kind: 'no-answer', name: 'ECONNRESET' }],
    [
      Object.assign(new Error('slow'), { name: 'TimeoutError', code: 'ETIMEDOUT' }),
      { kind: 'no-answer', name: 'ETIMEDOUT' },
    ],
    [Object.assign(new Error('slow'), { name: 'TimeoutError' }), { kind: 'not-sent', name: 'ConnectTimeout' }],
  ])('%#: not answered', async (error, failure) => {
    const thrown = await failureOf(() => {
      throw error
    })
    expect(thrown).toEqual(failure)
  })

  describe('without credentials that can be used nothing is sent', () => {
    test.each([
      [
        'the SDK’s own words',
        failWith(noCredentials('It has expired. Run aws sso login.')),
        'It has expired. Run aws sso login',
      ],
      ['a file that is not there', failWith(fileIsGone), "ENOENT: no such file or directory, open '/token'"],
      [
        'STS says no',
        failWith(refusedByService('ExpiredTokenException', 400)),
        'ExpiredTokenException: ExpiredTokenException happened',
      ],
      [
        'a failed command, which may hold a secret',
        failWith(noCredentials('Command failed: vault --token S3CRET')),
        'the credential_process of the AWS profile failed; run it by hand',
      ],
      [
        'a source without JSON, which would be quoted',
        failWith(noCredentials('Unexpected token "S3CRET" is not valid JSON')),
        'the source of the credentials answered with something else than JSON',
      ],
      [
        'a line break in the key id',
        async () => ({ accessKeyId: 'S3CRET\n', secretAccessKey: 's' }),
        'the access key id holds a character that no request can carry, such as a line break at its end; look at AWS_ACCESS_KEY_ID, or at the AWS profile',
      ],
      [
        'a bad session token',
        async () => ({ ...credentials, sessionToken: 'S3CRET\u0000' }),
        'the session token holds a character that no request can carry, such as a line break at its end; look at AWS_SESSION_TOKEN, or at the AWS profile',
      ],
    ])('%s', async (_, credentials, advice) => {
      let calls = 0
      const failure = await failureOf(
        () => {
          calls += 1
          return jsonError('Unreachable')
        },
        { credentials },
      )
      expect(failure).toEqual({ kind: 'not-sent', name: 'CredentialsProviderError', advice })
      expect(describeAwsFailure('SQS', failure)).toBe(`SQS was not asked, there are no usable credentials: ${advice}.`)
      expect(calls).toBe(0)
    })

    test.each([
      [refusedByService('Throttling', 400), { kind: 'refused', throttled: true }],
      [refusedByService('InternalFailure', 500), { kind: 'no-answer', status: 500 }],
      [networkError('ECONNREFUSED', 'connect'), { kind: 'not-sent', name: 'ECONNREFUSED' }],
      [networkError('ECONNRESET'), { kind: 'no-answer', name: 'ECONNRESET' }],
    ])('%#: where they come from may answer later', async (error, failure) => {
      expect(await failureOf(() => jsonError('Unreachable'), { credentials: failWith(error) })).toMatchObject(failure)
    })
  })

  test('a deadline that had passed sent nothing, one that came while waiting leaves it open', () => {
    expect(readAwsFailure({ kind: 'late', started: false })).toEqual({ kind: 'not-sent', name: 'NoTimeLeft' })
    expect(readAwsFailure({ kind: 'late', started: true })).toEqual({ kind: 'no-answer', name: 'TimeoutError' })
  })

  test('over a real socket: a closed port, and a connection that is cut', async () => {
    const closed = await startVendor(() => {})
    await closed.close()
    const cut = await startVendor((request) => {
      request.socket.destroy()
    })
    const kinds = []
    for (const { url } of [closed, cut]) {
      const client = createSqsClient({ region: 'eu-central-1', endpoint: url, credentials })
      const ended = await withDeadline(systemClock, systemClock.now() + 10_000, () => client.send(send))
      if (ended.kind !== 'done') kinds.push(readAwsFailure(ended))
      client.destroy()
    }
    expect(kinds).toEqual([
      { kind: 'not-sent', name: 'ECONNREFUSED' },
      { kind: 'no-answer', name: 'ECONNRESET' },
    ])
  })

  test('is said in one sentence', () => {
    expect(describeAwsFailure('SQS', { kind: 'refused', name: 'AccessDenied', status: 403, throttled: false })).toBe(
      'SQS refused: AccessDenied (403).',
    )
    expect(describeAwsFailure('S3', { kind: 'not-sent', name: 'ECONNREFUSED' })).toBe(
      'S3 could not be reached: ECONNREFUSED.',
    )
    expect(describeAwsFailure('S3', { kind: 'no-answer', name: 'InternalError', status: 500 })).toBe(
      'S3 did not answer: InternalError (500).',
    )
  })
})
