import { createHash, randomUUID } from 'node:crypto'
import { DeleteBucketCommand } from '@aws-sdk/client-s3'
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { AwsError } from '@ticketing/local-aws'
import { createAwsClients } from 'ticket-adapters/aws'
import { systemClock } from 'ticket-adapters/clock'
import { createMetrics } from 'ticket-adapters/metrics'
import type { Result } from 'ticket-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { activity, bytesOf, cardOf, post, promised, sign, type LogLine } from '../test/intake.ts'
import { GOOD_SECRET, startAccount, type TestAccount } from '../test/start-account.ts'
import { createHttpHandler } from './lambda.ts'
import { type Settings, readSettings } from './settings.ts'
import { type StartOptions, startServer, type RunningServer } from './start.ts'
import type { StartFailure } from './explain-start.ts'

let account: TestAccount
const running: RunningServer[] = []
const lines: LogLine[] = []

beforeEach(async () => {
  account = await startAccount()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()))
  lines.length = 0
})

function options(change: Partial<Settings> = {}): StartOptions {
  return {
    settings: {
      secretId: 'ticketing-app',
      host: '127.0.0.1',
      port: 0,
      maxAgeMs: 300_000,
      escalateAfterMs: 900_000,
      logLevel: 'info',
      ...change,
    },
    clients: account.clients,
    // The system's clock, moved to the time of the test's message.
    clock: { ...systemClock, now: () => Date.parse('2026-11-23T14:03:22.000Z') + performance.now() - begun },
    fetch,
    newNonce: () => randomUUID(),
    metrics: createMetrics(),
    log: { write: (level, event, fields = {}) => void lines.push({ level, event, fields: { ...fields } }) },
  }
}
/** A board on which nothing happened. */
const quietTrello: typeof fetch = async (input) =>
  Response.json(new Request(input).url.includes('/members/me') ? { id: '5f0000000000000000000002' } : [])
const begun = performance.now()
const NOTHING_LISTENS = 'http://127.0.0.1:1'

async function start(change: Partial<Settings> = {}): Promise<RunningServer> {
  const started = await startServer(options(change))
  if (!started.ok) throw new Error(started.failure.lines.join(' '))
  running.push(started.value)
  return started.value
}

function causes(started: Result<RunningServer, StartFailure>): StartFailure | undefined {
  if (!started.ok) return started.failure
  running.push(started.value)
  return undefined
}

function send(url: string): Promise<Response> {
  const body = bytesOf(activity())
  return fetch(url, { method: 'POST', body: Buffer.from(body), headers: { authorization: sign(body) } })
}

function layout(): unknown {
  return lines.findLast(({ event }) => event === 'server.started')?.fields['tokens']
}

describe('a server that was started', () => {
  it('takes a signed ticket from the socket to SQS', async () => {
    const { url } = await start()
    const answer = await send(url)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('accepted')
    expect(await account.queued()).toEqual(['Login page is blank'])
  })

  it('logs where its tokens are stored, and what that means', async () => {
    await start()
    expect(layout()).toMatch(/^in the secret for all: .* sign as Teams, Trello or Slack$/)
    const { TEAMS_HMAC_SECRET = '', ...rest } = GOOD_SECRET
    account = await startAccount({ secret: rest })
    await account.makeSecret({ TEAMS_HMAC_SECRET }, 'ticketing-app-intake')
    const { url } = await start()
    expect(layout()).toBe('in a secret of their own, which no function may read')
    expect(await (await send(url)).text()).toContain('accepted')
  })

  it('is ready while its queues can be found', async () => {
    const { url } = await start()
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    const other = await start()
    account.before.set('GetQueueUrl', async () => {
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
    })
    const answer = await fetch(`${other.url}/ready`)
    expect([answer.status, await answer.text()]).toEqual([503, '{"status":"not ready","waitingFor":["queues"]}'])
  })

  it('is not ready when its bucket is gone, but is while S3 does not answer', async () => {
    await account.clients.s3.send(new DeleteBucketCommand({ Bucket: 'dev-bucket' }))
    const gone = await fetch(`${(await start()).url}/ready`)
    expect([gone.status, await gone.text()]).toEqual([503, '{"status":"not ready","waitingFor":["bucket"]}'])
    account.before.set('GetObject', async () => {
      throw new AwsError('InternalError', 'We encountered an internal error.', { status: 500 })
    })
    expect((await fetch(`${(await start()).url}/ready`)).status).toBe(200)
  })

  it('says that it is stopping, and still answers', async () => {
    const server = await start()
    server.retire()
    const ready = await fetch(`${server.url}/ready`)
    expect([ready.status, await ready.text()]).toEqual([503, '{"status":"not ready","waitingFor":["stopping"]}'])
    expect(await (await send(server.url)).text()).toContain('accepted')
  })

  it('answers a ticket whose SQS call still runs when the server closes', async () => {
    const server = await start()
    const [arrived, released] = [promised<undefined>(), promised<undefined>()]
    account.before.set('SendMessageBatch', async () => {
      arrived.resolve(undefined)
      await released.promise
    })
    const answer = send(server.url)
    await arrived.promise
    const closed = server.close()
    released.resolve(undefined)
    expect(await (await answer).text()).toContain('accepted')
    await closed
    expect(await account.queued()).toHaveLength(1)
  })
})

describe('a secret that is changed while the server runs', () => {
  it('is taken without a restart; a changed PREFIX is not, and the log says so once', async () => {
    const first = createHash('sha256').update('the first').digest('base64')
    account = await startAccount({ secret: { ...GOOD_SECRET, TEAMS_HMAC_SECRET: first } })
    const { url } = await start()
    const SecretString = JSON.stringify({ ...GOOD_SECRET, PREFIX: 'other' })
    await account.clients.secretsManager.send(new PutSecretValueCommand({ SecretId: 'ticketing-app', SecretString }))
    // A signature that fits no token makes the server read the secret before its time.
    expect((await send(url)).status).toBe(200)
    expect(await account.queued()).toHaveLength(1)
    const said = lines.filter(({ event }) => event === 'secret.prefix-changed' || event === 'keys.changed')
    expect(said.map(({ event }) => event).toSorted()).toEqual(['keys.changed', 'secret.prefix-changed'])
    expect(said.find(({ fields }) => fields['inUse'])?.fields).toMatchObject({
      inUse: 'dev',
      hint: 'restart the server to use the new PREFIX',
    })
  })
})

describe('a server that cannot start', () => {
  it('names every key of the secret that is wrong, and no value', async () => {
    const wrong = { TEAMS_HMAC_SECRET: '', SLACK_URL: 'not-a-url-but-secret' }
    account = await startAccount({ secret: { ...GOOD_SECRET, ...wrong } })
    const failure = causes(await startServer(options()))
    expect(failure?.code).toBe('configuration')
    expect(failure?.lines.map((line) => /: (\w+) is (\w+)/.exec(line)?.slice(1))).toEqual([
      ['SLACK_URL', 'malformed'],
      ['TEAMS_HMAC_SECRET', 'missing'],
    ])
    expect(failure?.lines.join()).not.toContain('not-a-url-but-secret')
  })

  it('names the token that cannot be one', async () => {
    const TEAMS_HMAC_SECRET = `${GOOD_SECRET['TEAMS_HMAC_SECRET']},abc`
    account = await startAccount({ secret: { ...GOOD_SECRET, TEAMS_HMAC_SECRET } })
    expect(causes(await startServer(options()))).toEqual({
      code: 'configuration',
      lines: [
        'Secret ticketing-app: TEAMS_HMAC_SECRET is malformed; expected: base64 of 32 bytes: 44 characters, as Teams shows it; token 2 of 2 is not.',
      ],
    })
  })

  it('names the secret of intake where the wrong token is in it', async () => {
    await account.makeSecret({ TEAMS_HMAC_SECRET: 'abc' }, 'ticketing-app-intake')
    expect(causes(await startServer(options()))).toMatchObject({
      lines: [expect.stringMatching(/^Secret ticketing-app-intake: TEAMS_HMAC_SECRET is malformed; /)],
    })
  })

  it('says which secret it did not find', async () => {
    expect(causes(await startServer(options({ secretId: 'nope' })))).toMatchObject({
      code: 'configuration',
      lines: [expect.stringMatching(/nope.*TICKETING_SECRET_ID/)],
    })
  })

  it('names every queue that is missing and the command that makes it', async () => {
    account = await startAccount({ queues: ['dev-MP'] })
    expect(causes(await startServer(options()))).toEqual({
      code: 'configuration',
      lines: [
        'Queue dev-LP does not exist in this region and account; apply the stack (npx -y pnpm@12 ticketing up), or start with TICKETING_MANAGE=1',
        'Queue dev-HP does not exist in this region and account; apply the stack (npx -y pnpm@12 ticketing up), or start with TICKETING_MANAGE=1',
        'Queue dev-EVQ does not exist in this region and account; apply the stack (npx -y pnpm@12 ticketing up), or start with TICKETING_MANAGE=1',
      ],
    })
  })

  it('names the setting that frees it from a port in use', async () => {
    const { url } = await start()
    const port = Number(new URL(url).port)
    expect(causes(await startServer(options({ port })))).toEqual({
      code: 'port-in-use',
      lines: [`Port ${port} on 127.0.0.1 is in use; set TICKETING_PORT to another one, or 0 for any.`],
    })
  })

  it('calls it misconfigured when there are no credentials', async () => {
    const none = Object.assign(new Error('none found'), { name: 'CredentialsProviderError' })
    const credentials = (): Promise<never> => Promise.reject(none)
    const clients = createAwsClients({ endpoint: NOTHING_LISTENS, region: 'us-east-1', credentials })
    expect(causes(await startServer({ ...options(), clients }))).toMatchObject({
      code: 'configuration',
      lines: [expect.stringContaining('there are no usable credentials: none found. Check AWS_REGION')],
    })
  })

  it('calls it unavailable, not misconfigured, when nothing answers', async () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    const clients = createAwsClients({ endpoint: NOTHING_LISTENS, region: 'us-east-1', credentials })
    expect(causes(await startServer({ ...options(), clients }))).toMatchObject({ code: 'unavailable' })
  })
})

/** A signed ticket as a Function URL hands it over. */
function event(change: Record<string, unknown>): Record<string, unknown> {
  const { body, headers } = post(activity())
  const text = Buffer.from(body).toString('utf8')
  const http = { method: 'POST', path: '/' }
  return { version: '2.0', rawPath: '/', headers, requestContext: { http, stage: '$default' }, body: text, ...change }
}

describe('the intake as a Lambda function', () => {
  it.each([
    ['as text', {}],
    ['as base64', { body: Buffer.from(bytesOf(activity())).toString('base64'), isBase64Encoded: true }],
    ['with headers in their old capitals', { headers: { Authorization: sign(bytesOf(activity())) } }],
    [
      'below a stage of an HTTP API',
      { rawPath: '/prod/', requestContext: { http: { method: 'POST' }, stage: 'prod' } },
    ],
  ])('takes a signed ticket whose body comes %s', async (_, change) => {
    const answer = await createHttpHandler(() => options())(event(change))
    expect(answer.statusCode).toBe(200)
    expect(cardOf({ status: 200, headers: {}, body: answer.body })).toContain('accepted')
    expect(await account.queued()).toHaveLength(1)
  })

  it('answers the captured event of a Function URL, a GET, with 405', async () => {
    const captured = {
      version: '2.0',
      routeKey: '$default',
      rawPath: '/',
      rawQueryString: '',
      headers: { 'x-forwarded-proto': 'https', 'x-amzn-trace-id': 'Root=1-62ecd163-5f302e550dcde3b12402207d' },
      requestContext: {
        accountId: 'anonymous',
        http: { method: 'GET', path: '/', protocol: 'HTTP/1.1', sourceIp: '123.123.123.123', userAgent: 'agent' },
        stage: '$default',
      },
      isBase64Encoded: false,
    }
    expect(await createHttpHandler(() => options())(captured)).toMatchObject({
      statusCode: 405,
      headers: { allow: 'POST' },
    })
  })

  it('answers 503 while it cannot connect, and connects at a later event', async () => {
    const handler = createHttpHandler(() => options())
    account.before.set('GetSecretValue', async () => {
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
    })
    expect(await handler(event({}))).toMatchObject({ statusCode: 503, body: 'Service Unavailable\n' })
    expect(lines.at(-1)).toMatchObject({ level: 'error', event: 'server.not-started' })
    account.before.clear()
    expect((await handler(event({}))).statusCode).toBe(200)
  })

  it('keeps the prefix and the bucket of its own stack, whatever the secret says by now', async () => {
    const moved = { ...GOOD_SECRET, PREFIX: 'desk', BUCKET: 'desk-bucket' }
    const { secretsManager } = account.clients
    await secretsManager.send(
      new PutSecretValueCommand({ SecretId: 'ticketing-app', SecretString: JSON.stringify(moved) }),
    )
    const settings = readSettings({ TICKETING_PREFIX: 'dev', TICKETING_BUCKET: 'dev-bucket' })
    if (!settings.ok) throw new Error(JSON.stringify(settings.failure))
    const handler = createHttpHandler(() => options({ ...settings.value, port: 0 }))
    expect((await handler(event({}))).statusCode).toBe(200)
    expect(await account.queued()).toHaveLength(1)
    const ready = { ...event({}), rawPath: '/ready', requestContext: { http: { method: 'GET', path: '/ready' } } }
    expect(await handler(ready)).toMatchObject({ statusCode: 200 })
  })

  it('sweeps at a scheduled event of EventBridge, which no request can look like', async () => {
    const handler = createHttpHandler(() => ({ ...options(), fetch: quietTrello }))
    expect(await handler({ 'detail-type': 'Scheduled Event', source: 'aws.events' })).toMatchObject({ statusCode: 200 })
    expect(lines.filter(({ event }) => event.startsWith('sweep.'))).toEqual([])
    const forged = JSON.stringify({ 'detail-type': 'Scheduled Event' })
    expect((await handler(event({ body: forged, isBase64Encoded: false }))).statusCode).toBe(401)
  })

  it.each([[null], ['text'], [{ Records: [] }], [{ version: '1.0', path: '/', httpMethod: 'POST' }]])(
    'answers 400 to what is no HTTP event: %j',
    async (value) => {
      expect((await createHttpHandler(() => options())(value)).statusCode).toBe(400)
    },
  )
})
