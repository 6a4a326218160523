import { once } from 'node:events'
import { createServer } from 'node:net'
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { startLocalAws, type ListeningAws } from '@ticketing/local-aws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runInProcess } from '../support/run-in-process.ts'
import { makeFolder, startCommand, type RunningCommand } from './start-command.ts'

describe('an empty cloud, the simulators and a server that applies the stack', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>
  let cloud: ListeningAws
  let simulators: RunningCommand
  let trello = ''
  /** Called with the next ticket, which is queued after it resolves. */
  let hold: (() => Promise<void>) | undefined
  beforeAll(async () => {
    folder = await makeFolder()
    cloud = await startLocalAws({
      intercept: async ({ operation }, _input, run) => {
        if (operation === 'SendMessageBatch') await hold?.()
        return run()
      },
    })
    const ports = ['--trello-port', '0', '--slack-port', '0']
    simulators = startCommand(
      ['simulators', '--endpoint', cloud.endpoint, '--prefix', 'managed', ...ports],
      folder.path,
    )
    trello = (await simulators.until(/TICKETING_TRELLO_URL=(\S+)[^]*named in the secret ticketing-app/))[1] ?? ''
  })
  afterAll(async () => {
    await simulators[Symbol.asyncDispose]()
    await cloud.close()
    await folder[Symbol.asyncDispose]()
  })
  const startServer = (env: Readonly<Record<string, string>> = {}): RunningCommand =>
    startCommand(['server', '--port', '0', '--restart-on-failure'], folder.path, {
      AWS_ENDPOINT_URL: cloud.endpoint,
      TICKETING_TRELLO_URL: trello,
      ...env,
    })

  const send = (to = ''): ReturnType<typeof runInProcess> => {
    const ticket = ['--title', 'T', '--priority', 'medium', '--description', 'D']
    return runInProcess(['send', '--endpoint', cloud.endpoint, '--to', to, ...ticket], { cwd: folder.path })
  }

  /** Sends a ticket whose request stays open until `release` is called. */
  const sendHeld = async (to: string | undefined) => {
    const arrived = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    hold = () => {
      arrived.resolve()
      return released.promise
    }
    const answer = send(to)
    await arrived.promise
    hold = undefined
    return { answer, release: () => released.resolve() }
  }

  it('the simulators say where they are, and are healthy once the secret is there', async () => {
    expect(simulators.output).toContain('account 000000000000, region us-east-1, prefix managed at ')
    expect((await fetch(`${trello}/health`)).status).toBe(200)
  })

  it('a server without TICKETING_MANAGE names what is missing and exits with the code for "do not restart"', async () => {
    await using server = startServer()
    await expect(server.ended).resolves.toEqual({ code: 0, signal: null })
    const missing = ['LP', 'MP', 'HP', 'EVQ'].map((stem) =>
      expect.stringMatching(`Queue managed-${stem} does not exist`),
    )
    expect(server.output.trim().split('\n')).toEqual(missing)
  })

  it('up and a managing server name all problems of the secret before they create anything', async () => {
    const change = await openSecret(cloud)
    await change.put({ SLACK_URL: 'slack' })
    const tokens = await openSecret(cloud, 'ticketing-app-intake')
    await tokens.put({ TEAMS_HMAC_SECRET: 'dG9rZW4=' })
    await using server = startServer({ TICKETING_MANAGE: '1' })
    const up = await runInProcess(['up', '--endpoint', cloud.endpoint], { cwd: folder.path })
    await expect(server.ended).resolves.toEqual({ code: 0, signal: null })
    for (const output of [up.output, server.output])
      expect(output.match(/\w+(?: of [\w-]+)? is malformed; expected\b/g)).toEqual([
        'SLACK_URL is malformed; expected',
        'TEAMS_HMAC_SECRET of ticketing-app-intake is malformed; expected',
      ])
    expect(up.code).toBe(1)
    await Promise.all([change, tokens].map(({ restore }) => restore()))
    await using again = startServer()
    await again.ended
    expect(again.output).toContain('Queue managed-LP does not exist')
  })

  it('a server and status warn of one secret for all', async () => {
    const app = await openSecret(cloud)
    const { secret } = await openSecret(cloud, 'ticketing-app-intake')
    await app.put(secret)
    const said =
      'Put these keys into a secret ticketing-app-intake (a JSON object of them), which only the server reads'
    await using server = startServer()
    const status = await runInProcess(['status', 'T-7QK2M-9XD4R', '--endpoint', cloud.endpoint], { cwd: folder.path })
    await server.ended
    expect(server.output.split(said)).toHaveLength(2)
    expect(server.output).toContain('"event":"secret.shared-tokens"')
    expect(status.output).toContain(said)
    await app.restore()
    await using again = startServer()
    await again.ended
    expect(again.output).not.toContain('shared')
  })

  describe('managing servers', () => {
    const servers: RunningCommand[] = []
    const urls: string[] = []
    afterAll(() => Promise.all(servers.map((server) => server[Symbol.asyncDispose]())))
    const start = async (): Promise<RunningCommand> => {
      const server = startServer({ TICKETING_MANAGE: '1' })
      servers.push(server)
      const [, url = ''] = await server.until(/"server.started","url":"(http:[^"]+)"/)
      urls.push(url)
      return server
    }
    it('apply the stack, serve, and change nothing the next time', async () => {
      const first = await start()
      expect(first.output).toMatch(/"event":"stack.applied","changes":[1-9]\d,/)
      expect(await send(urls[0])).toMatchObject({ code: 0, output: expect.stringMatching(/landed: +card /) })
      expect(simulators.output).toContain('card in Trello: T')
      expect((await start()).output).toContain('"event":"stack.applied","changes":0,')
    })

    it('tell the function of Slack that buttons work: it may not read the secret that says so', async () => {
      const lambda = new LambdaClient({
        endpoint: cloud.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      })
      const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'managed-HP' }))
      expect(Environment?.Variables).toMatchObject({ TICKETING_SLACK_BUTTONS: '1' })
      expect(JSON.stringify(Environment)).not.toContain('signing')
    })

    // A process on Windows gets no SIGTERM.
    it.skipIf(process.platform === 'win32')(
      'told to stop by SIGTERM answer the ticket at work, and end so that they are started again; their log holds no secret',
      async () => {
        const [server] = servers
        const { answer, release } = await sendHeld(urls[0])
        server?.kill('SIGTERM')
        await server?.until(/"server.stopping"/)
        release()
        expect(await answer).toMatchObject({ code: 0, output: expect.stringMatching(/landed: +card /) })
        await expect(server?.ended).resolves.toEqual({ code: 143, signal: null })
        expect(server?.output).toContain('"event":"server.stopped"')
        for (const secret of await readSecrets(cloud)) expect(server?.output).not.toContain(secret)
      },
    )

    it.skipIf(process.platform === 'win32')('end immediately at a second signal', async () => {
      const [, server] = servers
      const { answer, release } = await sendHeld(urls[1])
      server?.kill('SIGTERM')
      await server?.until(/"server.stopping"/)
      server?.kill('SIGINT')
      await expect(server?.ended).resolves.toEqual({ code: 130, signal: null })
      expect(await answer).toMatchObject({ code: 1 })
      release()
    })

    it('one that keeps trying says once what is wrong, stays up, not ready, and serves when it is put right', async () => {
      const port = await findFreePort()
      const env = { AWS_ENDPOINT_URL: cloud.endpoint, TICKETING_SECRET_ID: 'late' }
      await using server = startCommand(['server', '--keep-trying', '--port', port], folder.path, env)
      const answer = async (path: string): Promise<number> => {
        const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined)
        return response?.status ?? 0
      }
      await server.until(/server.not-started/)
      await expect.poll(() => answer('/health')).toBe(200)
      await expect.poll(() => answer('/ready')).toBe(503)
      await expect.poll(() => answer('/')).toBe(503)
      const app = await openSecret(cloud)
      const tokens = await openSecret(cloud, 'ticketing-app-intake')
      await app.copy('late', tokens.secret)
      await server.until(/server.started/)
      expect(await answer('/ready')).toBe(200)
      const [first = '', ...more] = server.output.trim().split('\n')
      const hint =
        'Secrets Manager has no secret late in this region. Create it, or name another one with TICKETING_SECRET_ID.'
      expect(JSON.parse(first)).toMatchObject({ event: 'server.not-started', hint })
      expect(more.map((line) => String(JSON.parse(line).event))).not.toContain('server.not-started')
    })
  })

  it.for([
    ['TICKETING_AWS=1 stands for --aws', { TICKETING_AWS: '1' }, [], 'simulators are for an emulated AWS only'],
    ['--aws means the same', {}, ['--aws'], 'simulators are for an emulated AWS only'],
    ['an endpoint wins', { TICKETING_AWS: '1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, [], 'no answer from AWS'],
  ] as const)('in an image: %s', async ([, env, args, said]) => {
    const result = await runInProcess(['simulators', ...args], { cwd: folder.path, env })
    expect(result.output).toContain(said)
    expect(result.code).not.toBe(0)
  })
})

/** The values of the secret that must stay hidden: keys, tokens, addresses of webhooks. */
async function readSecrets(cloud: ListeningAws): Promise<string[]> {
  const secrets = await Promise.all(['ticketing-app', 'ticketing-app-intake'].map((id) => openSecret(cloud, id)))
  const all = secrets.flatMap(({ secret }) => Object.entries(secret))
  const hidden = all.filter(([name]) => /KEY|TOKEN|SECRET|URL/.test(name))
  expect(hidden.length).toBeGreaterThan(3)
  return hidden.map(([, value]) => value)
}

/** The secret as it is, and with other values. */
async function openSecret({ endpoint }: ListeningAws, SecretId = 'ticketing-app') {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials })
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }))
  const secret: Record<string, string> = JSON.parse(SecretString)
  const put = (values: Record<string, string>) =>
    client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify({ ...secret, ...values }) }))
  const copy = (Name: string, more: Record<string, string>) =>
    client.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify({ ...secret, ...more }) }))
  return { secret, put, copy, restore: () => put({}) }
}

async function findFreePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return String(typeof address === 'object' ? address?.port : address)
}
