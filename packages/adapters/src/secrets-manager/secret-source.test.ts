import type { AppSecret } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { type AwsAnswer, fakeAws, HANG, jsonError, networkError } from '../../test/fake-aws.ts'
import { startClock } from '../../test/clock.ts'
import { createSecretsManagerClient } from '../aws/index.ts'
import { createLog, createRedaction } from '../log/index.ts'
import { createSecretSource } from './index.ts'

const values = {
  PREFIX: 'dev',
  TRELLO_API_KEY: 'key-credential',
  TRELLO_API_TOKEN: 'token-credential',
  TRELLO_BOARD_ID: 'board',
  TRELLO_LIST_NAME: 'To do',
  SLACK_URL: 'https://slack.test/services/credential',
  TEAMS_HMAC_SECRET: Buffer.from('a token of one team, in 32 bytes').toString('base64'),
}
const tokenOf = (index: number): AwsAnswer => answer({ ...values, TRELLO_API_TOKEN: `token-credential-${index}` })

function answer(secret: unknown): AwsAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ Name: 'ticketing-app', SecretString: JSON.stringify(secret) }),
  }
}

function startSource(reply: (count: number) => AwsAnswer | typeof HANG) {
  const clock = startClock()
  const lines: string[] = []
  const seen: AppSecret[] = []
  let calls = 0
  const client = createSecretsManagerClient(
    fakeAws(({ body }) => {
      if (body.includes('ticketing-app-intake')) return jsonError('ResourceNotFoundException')
      calls += 1
      return reply(calls)
    }),
  )
  const log = createLog({ write: (line) => lines.push(line), clock, redaction: createRedaction() })
  const onSecret = (secret: AppSecret): void => void seen.push(secret)
  const source = createSecretSource({ client, secretId: 'ticketing-app', clock, log, onSecret })
  const token = async (): Promise<string> => {
    const read = await source.current()
    return read.ok ? read.value.trello.token : read.failure.code
  }
  return { clock, source, token, lines, seen, calls: () => calls }
}

test('readers at the same moment share one call, and later ones the value, for five minutes', async () => {
  const { token, clock, calls } = startSource(tokenOf)
  expect(await Promise.all([token(), token(), token()])).toEqual(Array(3).fill('token-credential-1'))
  await clock.advance(299_999)
  expect(await token()).toBe('token-credential-1')
  expect(calls()).toBe(1)
  await clock.advance(1)
  expect(await token()).toBe('token-credential-2')
})

test('a clock that was set back an hour keeps no value longer, one that was set on asks no sooner', async () => {
  const { token, clock, calls } = startSource(tokenOf)
  await token()
  clock.jump(-3_600_000)
  await clock.advance(300_000)
  expect(await token()).toBe('token-credential-2')
  clock.jump(7_200_000)
  await clock.advance(299_999)
  expect(await token()).toBe('token-credential-2')
  expect(calls()).toBe(2)
})

test('a refresh reads past the cache, and later readers see it', async () => {
  const { source, token, calls } = startSource(tokenOf)
  await token()
  expect(await source.refresh()).toMatchObject({ ok: true, value: { trello: { token: 'token-credential-2' } } })
  expect(await token()).toBe('token-credential-2')
  expect(calls()).toBe(2)
})

test('every secret is reported before it is used', async () => {
  const { token, seen } = startSource(tokenOf)
  const known = token().then(() => seen.map(({ trello }) => trello.token))
  expect(await known).toEqual(['token-credential-1'])
})

const down = (count: number): AwsAnswer => {
  if (count === 1) return tokenOf(1)
  throw networkError('ECONNREFUSED', 'connect')
}

describe('while the service is down', () => {
  test('the last value serves on, an hour at most', async () => {
    const { token, clock } = startSource(down)
    await token()
    await clock.advance(3_599_000)
    expect(await token()).toBe('token-credential-1')
    await clock.advance(6000)
    expect(await token()).toBe('secret-unavailable')
  })

  test('it is asked no more than every five seconds', async () => {
    const { token, clock, calls } = startSource(down)
    await token()
    await clock.advance(300_000)
    await token()
    await clock.advance(4999)
    await token()
    expect(calls()).toBe(2)
    await clock.advance(1)
    await token()
    expect(calls()).toBe(3)
  })

  test('a first reader learns why', async () => {
    const { source } = startSource(() => {
      throw networkError('ENOTFOUND', 'getaddrinfo')
    })
    expect(await source.current()).toEqual({
      ok: false,
      failure: { code: 'secret-unavailable', reason: 'Secrets Manager could not be reached: ENOTFOUND.' },
    })
  })

  test.each([
    ['AWS says no', () => jsonError('AccessDeniedException'), true],
    ['AWS says later', () => jsonError('ThrottlingException'), undefined],
    [
      'there are no credentials',
      () => {
        throw Object.assign(new Error('none'), { name: 'CredentialsProviderError' })
      },
      true,
    ],
  ])('a first reader learns whether waiting helps: %s', async (_, answer, refused) => {
    const read = await startSource(answer).source.current()
    const failure = read.ok ? undefined : read.failure
    expect(failure?.code).toBe('secret-unavailable')
    expect(Reflect.get(Object(failure), 'refused')).toBe(refused)
  })

  test('a call that hangs is given up after three seconds', async () => {
    const { source, clock } = startSource(() => HANG)
    const read = source.current()
    await clock.advance(3000)
    expect(await read).toMatchObject({ ok: false, failure: { code: 'secret-unavailable' } })
  })

  test('it is back as soon as it answers', async () => {
    const { token, clock } = startSource((count) =>
      count === 2 ? jsonError('InternalServiceError', 500) : tokenOf(count),
    )
    await token()
    await clock.advance(300_000)
    expect(await token()).toBe('token-credential-1')
    await clock.advance(5000)
    expect(await token()).toBe('token-credential-3')
  })
})

test('a missing secret is named, even with a cached value', async () => {
  const { source } = startSource((count) => (count === 1 ? tokenOf(1) : jsonError('ResourceNotFoundException')))
  await source.current()
  expect(await source.refresh()).toEqual({
    ok: false,
    failure: { code: 'secret-missing', reason: 'Secrets Manager has no secret ticketing-app in this region.' },
  })
})

test('a malformed secret names every problem and shows nothing of the values', async () => {
  const { PREFIX: _, ...rest } = values
  const { source, lines } = startSource(() => answer({ ...rest, SLACK_URL: 'credential without a scheme' }))
  const read = await source.current()
  expect(read).toMatchObject({
    ok: false,
    failure: {
      code: 'secret-invalid',
      problems: [
        { key: 'PREFIX', problem: 'missing' },
        { key: 'SLACK_URL', problem: 'malformed' },
      ],
    },
  })
  expect(JSON.stringify(read) + lines.join('')).not.toContain('credential')
})
