import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { loadBundles } from '@ticketing/lambdas'
import { createS3Client, createSecretsManagerClient } from 'ticket-adapters/aws'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { runCommand, type CommandResult } from '../support/run-command.ts'
import { deployment, docker, IMAGES, listNameless, localstack, removeAll } from './compose.ts'
import { nodeImage } from './node-image.ts'

/** MB on top of the base image: the command in one file, the functions, ngrok's SDK (11 MB of it). */
const BUDGET_MB = 16
const PATIENCE = { timeout: 60_000, interval: 200 }
const PRIORITIES = ['low', 'medium', 'high'] as const
/** LocalStack takes any; without them the SDK would look for some. The operator's are not the server's. */
const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  OPERATOR_AWS_ACCESS_KEY_ID: 'operator',
  OPERATOR_AWS_SECRET_ACCESS_KEY: 'operator',
}
/** How the deployment of the tests reaches its cloud, and its functions Trello: by the names of LocalStack's network. */
const IN_PLACE_OF_AWS = {
  ...CREDENTIALS,
  AWS_ENDPOINT_URL: 'http://localstack:4566',
  TICKETING_TRELLO_URL: 'http://simulators:4567',
}

const inspect = (of: string, format: string): Promise<string> => docker('inspect', '--format', format, of)
const inServer = (...command: readonly string[]): Promise<string> =>
  docker('run', '--rm', '--entrypoint', '', IMAGES.server, ...command)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Runs the `ticketing` command on this machine against a cloud in a container, as a person would. */
function ticketing(
  args: readonly string[],
  cloud: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const clean = Object.entries(process.env).filter(([name]) => !/^(AWS|TICKETING)_/.test(name))
  return runCommand([...args, '--endpoint', cloud], { cwd: tmpdir(), env: { ...Object.fromEntries(clean), ...env } })
}

const sendArgs = (priority: string, to: string): string[] => [
  'send',
  '--to',
  to,
  '--title',
  `Hello ${priority}`,
  '--priority',
  priority,
  '--description',
  'It waits.',
]

/** A line of the server's log. */
const notStarted = (hint: string): unknown =>
  expect.stringContaining(`"level":"error","event":"server.not-started","hint":${JSON.stringify(hint)}`)

/** Where docker publishes a container's port on this machine. */
async function addressOf(container: string, port: number): Promise<string> {
  return `http://${(await docker('port', container, String(port))).split('\n')[0] ?? ''}`
}

describe.skipIf(inject('skipDeploy'))('the deployment', () => {
  let nameless: readonly string[] = []
  beforeAll(async () => {
    await removeAll()
    nameless = await listNameless()
    await localstack.run(['build'])
  })
  afterAll(() => removeAll(nameless))

  describe('the image', () => {
    it(`is at most ${BUDGET_MB} MB larger than Node's, and runs as no user in particular`, async () => {
      const [size, base] = await Promise.all([IMAGES.server, nodeImage()].map((one) => inspect(one, '{{.Size}}')))
      expect((Number(size) - Number(base)) / 1e6).toBeLessThan(BUDGET_MB)
      expect(await inspect(IMAGES.server, '{{.Config.User}}')).toBe('1000:1000')
      expect(await inServer('id', '-u')).toBe('1000')
    })

    it('holds no package manager that could be made to fetch anything', async () => {
      const names = ['npm', 'npx', 'corepack', 'yarn', 'yarnpkg', 'pnpm']
      const found = await inServer('sh', '-c', `for name in ${names.join(' ')}; do command -v $name; done; true`)
      expect(found).toBe('')
      expect(await inServer('sh', '-c', 'ls -d /usr/local/lib/node_modules /opt/yarn-* 2>/dev/null; true')).toBe('')
    })

    it('holds no simulators, as the other image does', async () => {
      const count = ['grep', '-c', 'createTrelloSimulator', '/app/bin/ticketing.mjs']
      await expect(inServer(...count)).rejects.toThrow('ended with 1')
      expect(Number(await docker('run', '--rm', '--entrypoint', '', IMAGES.simulators, ...count))).toBeGreaterThan(0)
    })

    it('carries the same functions, byte for byte, as a clone makes them: the two never undo each other', async () => {
      const listed = await inServer('sh', '-c', 'cd /app/bundles && sha256sum *.zip')
      const hashes = Object.fromEntries(listed.split('\n').map((line) => line.split(/\s+/).toReversed()))
      const expected = Object.entries(await loadBundles()).map(([name, zip]) => [`${name}.zip`, sha256(zip)])
      expect(hashes).toEqual(Object.fromEntries(expected))
    })

    it('says what it is, and what it lacks', async () => {
      const labels = JSON.parse(await inspect(IMAGES.server, '{{json .Config.Labels}}'))
      const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
      expect(labels).toMatchObject({
        'org.opencontainers.image.title': 'teams-ticketing',
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.licenses': 'MIT',
      })
      await expect(docker('run', '--rm', IMAGES.server, 'dev')).rejects.toThrow(
        /ended with 1: ticketing dev: [^\n]*run it in a clone of the project\n?$/,
      )
    })

    it("has ngrok's SDK with its native part", async () => {
      const script =
        "import('/app/node_modules/@ngrok/ngrok/index.js').then(({ forward }) => console.log(typeof forward))"
      expect(await inServer('node', '-e', script)).toBe('function')
    })
  })

  describe('on LocalStack', () => {
    let cloud = ''
    let server = ''
    beforeAll(async () => {
      await localstack.run(['up', '-d', '--wait'])
      const [inCloud = '', atServer = ''] = await Promise.all(
        ['localstack', 'server'].map((one) => localstack.containers(one)),
      )
      cloud = await addressOf(String(inCloud), 4566)
      server = await addressOf(String(atServer), 3978)
    })

    it('everything is healthy, was started in order, and is reached from this machine only', async () => {
      const names = ['localstack', 'simulators', 'server']
      const ids = (await Promise.all(names.map((name) => localstack.containers(name)))).flat()
      expect(ids).toHaveLength(3)
      const [stack = ''] = await localstack.containers('stack')
      expect(await inspect(stack, '{{.State.Status}} {{.State.ExitCode}}')).toBe('exited 0')
      expect(await localstack.run(['logs', 'stack'])).toMatch(/\b[1-9]\d changes in /)
      const states = await Promise.all(ids.map((id) => inspect(id, '{{.State.Health.Status}} {{.State.StartedAt}}')))
      expect(states.map((state) => state.split(' ')[0])).toEqual(['healthy', 'healthy', 'healthy'])
      expect(states.toSorted()).toEqual(states)
      const bindings = await Promise.all(ids.map((id) => docker('port', id)))
      const hosts = bindings.flatMap((one) => one.split('\n')).map((line) => line.replace(/^.* -> (.*):\d+$/, '$1'))
      expect(hosts).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.1'])
    })

    it.for([
      ['low', /landed: +tickets\/.+\.json/, { bucket: 1, board: 0, alert: 0 }],
      ['medium', /landed: +card \w+/, { bucket: 0, board: 1, alert: 0 }],
      ['high', /landed: +the Slack channel of the webhook/, { bucket: 0, board: 0, alert: 1 }],
    ] as const)('a ticket of priority %s lands once, in its place', async ([priority, landed, places]) => {
      const { code, output } = await ticketing(sendArgs(priority, server), cloud)
      expect(output).toMatch(landed)
      expect(code).toBe(0)
      const [id = ''] = /T-\w{5}-\w{5}/.exec(output) ?? []
      const s3 = createS3Client({
        endpoint: cloud,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      })
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'dev-bucket', Prefix: 'tickets/' }))
      const arrived = (await localstack.run(['logs', 'simulators'])).split('\n').filter((line) => line.includes(id))
      expect({
        bucket: Contents.filter(({ Key = '' }) => Key.includes(id)).length,
        board: arrived.filter((line) => line.includes('card in Trello')).length,
        alert: arrived.filter((line) => line.includes('message in Slack, #tickets')).length,
      }).toEqual(places)
    })

    it('a command that needs the simulators says that they are not in the server', async () => {
      const command = ['exec', '-T', 'server', 'ticketing', ...sendArgs('low', 'http://127.0.0.1:3978')]
      const { code, stderr } = await localstack.attempt(command)
      expect([code, stderr]).toEqual([1, expect.stringContaining('run it in a clone of the project')])
    })

    it('nothing can be written into the server, and another start of the stack finds nothing to change', async () => {
      const write = ['exec', '-T', 'server', 'node', '-e', "require('fs').writeFileSync('/app/x', '')"]
      expect((await localstack.attempt(write)).stderr).toContain('EROFS')
      expect(await localstack.run(['run', '--rm', '-T', 'stack'])).toContain('nothing to change')
      await localstack.run(['restart', 'server'])
      await localstack.run(['up', '-d', '--wait', '--no-recreate'])
    })

    describe('in place of AWS: docker-compose.yaml', () => {
      /** A second system beside the first, in the same cloud: nothing of it is there yet. */
      const env = { ...IN_PLACE_OF_AWS, TICKETING_SECRET_ID: 'second', AWS_REGION: 'us-east-1' }
      let replicas: readonly string[] = []
      beforeAll(async () => {
        const client = createSecretsManagerClient({
          endpoint: cloud,
          region: 'us-east-1',
          credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        })
        const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: 'ticketing-app' }))
        const intake = await client.send(new GetSecretValueCommand({ SecretId: 'ticketing-app-intake' }))
        // One secret for all, as people had it: that works too.
        const tokens = JSON.parse(intake.SecretString ?? '{}')
        const secret = JSON.stringify({ ...JSON.parse(SecretString), ...tokens, PREFIX: 'second' })
        await client.send(new CreateSecretCommand({ Name: 'second', SecretString: secret }))
      })

      it('the stack is made with rights of its own, which no replica has, and both replicas take tickets', async () => {
        const { code, stderr } = await deployment.attempt(['up', '-d', '--wait', '--scale', 'server=2'], env)
        expect(code, stderr).toBe(0)
        replicas = await deployment.containers('server')
        expect(replicas).toHaveLength(2)
        const limits = '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}'
        expect(await inspect(String(replicas[0]), limits)).toBe('true [ALL] [no-new-privileges:true]')
        const keyOf = (id: string): Promise<string> => inspect(id, '{{range .Config.Env}}{{println .}}{{end}}')
        const [stack = ''] = await deployment.containers('stack')
        expect(await keyOf(stack)).toContain('AWS_ACCESS_KEY_ID=operator')
        for (const id of replicas) expect(await keyOf(id)).not.toContain('operator')
        const again = await ticketing(['up'], cloud, { ...env, AWS_ENDPOINT_URL: cloud })
        expect(again.output).toContain('prefix second')
        expect(again.output).toContain('nothing to change')
        const servers = await Promise.all(replicas.map((id) => addressOf(id, 3978)))
        const sent = servers.flatMap((to) =>
          PRIORITIES.map((priority) => ticketing(sendArgs(priority, to), cloud, env)),
        )
        for (const { code, output } of await Promise.all(sent)) expect(output, String(code)).toContain('is delivered')
      })

      it('one that ends by itself is started again', async () => {
        const [one = ''] = replicas
        await docker('exec', one, 'node', '-e', "process.kill(1, 'SIGTERM')")
        const state = (): Promise<string> => inspect(one, '{{.RestartCount}} {{.State.Health.Status}}')
        await expect.poll(state, PATIENCE).toBe('1 healthy')
      })

      it('told to stop it stops in order, and stays down', async () => {
        await deployment.run(['stop', '-t', '20'])
        const states = await Promise.all(replicas.map((id) => inspect(id, '{{.State.Status}} {{.State.ExitCode}}')))
        // 137 would be: killed when the time was up.
        expect(states).toEqual(['exited 143', 'exited 143'])
        const logs = await Promise.all(replicas.map((id) => docker('logs', '--tail', '1', id)))
        for (const log of logs) expect(log).toContain('"event":"server.stopped"')
        await deployment.run(['down'])
      })

      it.for([
        [
          'wrong settings of the server',
          'server',
          { TICKETING_SECRET_ID: 'second', TICKETING_MAX_AGE: '5m', NGROK_DOMAIN: 'a.ngrok.dev' },
          [
            notStarted('TICKETING_MAX_AGE is "5m": it must be whole seconds from 1 to 86400.'),
            notStarted(
              'NGROK_AUTHTOKEN is "": it must be the authtoken of your ngrok account, since NGROK_DOMAIN is set.',
            ),
          ],
        ],
        [
          'wrong settings of the functions',
          'stack',
          { TICKETING_SECRET_ID: 'second', TICKETING_GIVE_UP_AFTER: '24' },
          ['ticketing up: TICKETING_GIVE_UP_AFTER is "24": it must be a duration such as 90m, 24h or 2d.'],
        ],
        [
          'a secret that is not there',
          'stack',
          { TICKETING_SECRET_ID: 'nope' },
          [
            'ticketing up: the secret "nope" is not there: Secrets Manager has no secret nope in this region. Create it, or name another one with TICKETING_SECRET_ID',
          ],
        ],
        [
          'no credentials for the real AWS',
          'stack',
          {
            AWS_ENDPOINT_URL: '',
            OPERATOR_AWS_ACCESS_KEY_ID: '',
            OPERATOR_AWS_SECRET_ACCESS_KEY: '',
            AWS_REGION: 'eu-central-1',
          },
          [expect.stringMatching(/^ticketing up: the secret "ticketing-app" at AWS could not be read: .*credentials/)],
        ],
      ] as const)('with %s it says so once, and is not started again', async ([, service, wrong, lines]) => {
        const up = await deployment.attempt(['up', '-d', '--wait'], { ...IN_PLACE_OF_AWS, ...wrong })
        expect(up.code).toBe(1)
        const [id = ''] = await deployment.containers(service)
        expect(await inspect(id, '{{.State.Status}} {{.State.Restarting}} {{.RestartCount}}')).toBe('exited false 0')
        const logs = await deployment.attempt(['logs', '--no-log-prefix', service])
        expect(logs.stdout.trim().split('\n')).toEqual(lines)
        await deployment.run(['down'])
      })
    })
  })
})
