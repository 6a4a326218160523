import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { createTeamsSimulator } from '@ticketing/testbed'
import { createS3Client, createSecretsManagerClient } from 'ticket-adapters/aws'
import { systemClock } from 'ticket-adapters/clock'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { listNameless } from '../deploy/compose.ts'
import {
  attempt,
  deploy,
  endOf,
  find,
  forward,
  kubectl,
  loadImages,
  PATIENCE,
  removeAll,
  removeImages,
  startJob,
} from './cluster.ts'

const MAY_SEND = { 'teams-ticketing/may-send': 'true' }
const SERVERS = 'pods -l app.kubernetes.io/name=server --field-selector=status.phase=Running'
/** Lets jobs of the tests out, so that it is the server's own rule that lets them in or not. */
const JOBS_OUT = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'test-jobs-out' },
  spec: {
    podSelector: { matchLabels: { 'teams-ticketing/test-job': 'true' } },
    policyTypes: ['Egress'],
    egress: [{}],
  },
}

interface Answered {
  readonly n: number
  readonly to: string
  readonly status: number
  readonly ticket?: string
  readonly text?: string
}

/** Prints the status of the answer, or the name of what went wrong at the last try: a new pod's network needs a moment. */
const fetchIn = (url: string, tries = 1): readonly string[] => ['node', '-e', FETCH, url, String(tries)]
const FETCH = `
const [url, tries] = process.argv.slice(1)
const ask = () => fetch(url, { signal: AbortSignal.timeout(4000) }).then(({ status }) => status, ({ name }) => name)
let said
for (let n = 0; n < tries && typeof said !== 'number'; n += 1) {
  if (n > 0) await new Promise((resolve) => setTimeout(resolve, 500))
  said = await ask()
}
console.log(String(said))`

const readAnswers = (log: string): readonly Answered[] => log.split('\n').map((line): Answered => JSON.parse(line))
const countAnswers = async (job: string): Promise<number> =>
  (await attempt(['logs', `job/${job}`])).stdout.split('\n').length - 1
const readMetrics = (): Promise<readonly string[]> =>
  find(
    'hpa server',
    '{.status.conditions[?(@.type=="ScalingActive")].status} {.status.currentMetrics[*].resource.name}',
  )

describe.skipIf(inject('skipKubernetes'))('deploy/kubernetes on a cluster', () => {
  let nameless: readonly string[] = []
  let cloud: Awaited<ReturnType<typeof forward>>
  let load: Readonly<Record<string, string>> = {}
  beforeAll(async () => {
    await removeAll()
    nameless = await listNameless()
    await loadImages()
    await deploy()
    await kubectl(['apply', '-f', '-'], JOBS_OUT)
    cloud = await forward('localstack', 4566)
    const account = {
      endpoint: cloud.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }
    const secrets = createSecretsManagerClient(account)
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: 'ticketing-app-intake' }))
    const token = String(JSON.parse(SecretString).TEAMS_HMAC_SECRET)
    const teams = createTeamsSimulator({ clock: systemClock, token })
    const activity = teams.compose(['Title: Load NUMBER', 'Priority: low', 'Description: One of many.'])
    const text = JSON.stringify(activity).replaceAll(activity.id, 'ACTIVITY-ID')
    load = { TOKEN: token, ACTIVITY: text }
  })
  afterAll(async () => {
    await cloud?.[Symbol.asyncDispose]()
    await removeAll()
    await removeImages(nameless)
  })

  /** Ids of the tickets in the bucket, one for each object. */
  async function listDelivered(): Promise<readonly string[]> {
    const client = createS3Client({
      endpoint: cloud.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    const keys: string[] = []
    for (let token: string | undefined; ;) {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: 'dev-bucket', Prefix: 'tickets/', ContinuationToken: token }),
      )
      keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key))
      token = page.NextContinuationToken
      if (token === undefined) break
    }
    return keys.flatMap((key) => /T-\w{5}-\w{5}/.exec(key)?.[0] ?? [])
  }

  /** Each confirmed ticket has one object in the bucket. */
  async function expectDeliveredOnce(tickets: readonly string[]): Promise<void> {
    await expect
      .poll(async () => new Set(tickets).difference(new Set(await listDelivered())), PATIENCE)
      .toEqual(new Set())
    const delivered = await listDelivered()
    expect(delivered.length).toBe(new Set(delivered).size)
  }

  it('the stack was applied by a Job that has an account of its own, and both replicas serve', async () => {
    expect(await kubectl(['logs', 'job/stack'])).toMatch(/\b[1-9]\d changes in /)
    const accounts = await find('pods', '{range .items[*]}{.spec.serviceAccountName}{"\\n"}{end}')
    expect(accounts.filter((account) => account === 'stack')).toHaveLength(1)
    await expect.poll(() => find('deployment server', '{.status.readyReplicas}'), PATIENCE).toEqual(['2'])
    const restarts = await find('pods', '{range .items[*]}{.status.containerStatuses[*].restartCount}{"\\n"}{end}')
    expect(new Set(restarts)).toEqual(new Set(['0']))
  })

  it('the namespace takes no pod that could harm the node', async () => {
    const root = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'root' },
      spec: { containers: [{ name: 'root', image: 'x' }] },
    }
    const refused = await attempt(['create', '--dry-run=server', '-f', '-'], root)
    expect(refused.stderr).toContain('violates PodSecurity "restricted:latest"')
    const write = ['exec', 'deployment/server', '--', 'node', '-e', "require('fs').writeFileSync('/app/x', '')"]
    expect((await attempt(write)).stderr).toContain('EROFS')
  })

  it.for([
    ['low', /landed: +tickets\/.+\.json/],
    ['medium', /landed: +card \w+/],
    ['high', /landed: +the Slack channel of the webhook/],
  ] as const)('a ticket of priority %s lands', async ([priority, landed]) => {
    const words = ['--title', 'T', '--priority', priority, '--description', 'D']
    const send = ['node', '/app/bin/ticketing.mjs', 'send', '--to', 'http://server', ...words]
    expect(await kubectl(['exec', 'deployment/simulators', '-c', 'simulators', '--', ...send])).toMatch(landed)
  })

  it('only who may send reaches the server, and the server reaches nothing in the cluster but its cloud', async () => {
    await startJob('friend', { labels: MAY_SEND, command: fetchIn('http://server/health', 40) })
    expect(await endOf('friend')).toBe('200')
    await startJob('stranger', { command: fetchIn('http://server/health', 5) })
    const [pod = '', other = ''] = await find(SERVERS, '{.items[*].metadata.name}')
    const [ip = ''] = await find(`pod ${other}`, '{.status.podIP}')
    const fromServer = (url: string): Promise<string> => kubectl(['exec', pod, '--', ...fetchIn(url)])
    const said = await Promise.all([
      fromServer('http://localstack:4566/_localstack/health'),
      fromServer(`http://${ip}:3978/health`),
      endOf('stranger'),
    ])
    const refused = expect.stringMatching(/^(Timeout|Type)Error$/)
    expect(said).toEqual(['200', refused, refused])
  })

  it('the autoscaler reads the replicas’ CPU', async () => {
    await expect.poll(readMetrics, PATIENCE).toEqual(['True', 'cpu'])
  })

  it('four replicas get the same activity: one ticket, delivered once', async () => {
    await kubectl(['patch', 'hpa', 'server', '-p', '{"spec":{"minReplicas":4}}'])
    await expect.poll(() => find('deployment server', '{.status.readyReplicas}'), PATIENCE).toEqual(['4'])
    const addresses = (await find(SERVERS, '{.items[*].status.podIP}')).map((ip) => `http://${ip}:3978`)
    expect(addresses).toHaveLength(4)
    const env = { ...load, TO: addresses.join(','), COUNT: '5' }
    await startJob('same', { labels: MAY_SEND, env, command: ['node', '/load/send-load.ts'] })
    const answers = readAnswers(await endOf('same'))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    const tickets = new Set(answers.map(({ ticket = '' }) => ticket))
    expect(tickets.size).toBe(5)
    await expectDeliveredOnce([...tickets])
  })

  it('one that is deleted under load, and a rolling update, lose no request', async () => {
    const env = { ...load, TO: 'http://server', COUNT: '300', EVERY_MS: '100' }
    await startJob('load', { labels: MAY_SEND, env, command: ['node', '/load/send-load.ts'] })
    await expect.poll(() => countAnswers('load'), PATIENCE).toBeGreaterThan(20)
    const before = await find(SERVERS, '{.items[*].metadata.name}')
    await kubectl(['delete', 'pod', String(before[0]), '--wait=false'])
    await kubectl(['rollout', 'restart', 'deployment/server'])
    await kubectl(['rollout', 'status', 'deployment/server', '--timeout=120s'])
    const log = readAnswers(await endOf('load'))
    expect(log.filter(({ ticket }) => ticket === undefined)).toEqual([])
    expect(new Set(log.map(({ n }) => n)).size).toBe(300)
    // All of it happened while requests came.
    const left = await find(SERVERS, '{.items[*].metadata.name}')
    expect(left.filter((name) => before.includes(name))).toEqual([])
    await expectDeliveredOnce(log.map(({ ticket = '' }) => ticket))
  })

  it.for([
    ['setting', 'TICKETING_MAX_AGE=5m', 'TICKETING_MAX_AGE is "5m": it must be whole seconds from 1 to 86400.'],
    [
      'secret',
      'TICKETING_SECRET_ID=nope',
      'Secrets Manager has no secret nope in this region. Create it, or name another one with TICKETING_SECRET_ID.',
    ],
  ] as const)(
    'a wrong %s is one line of a pod that stays, not ready, while the old ones serve',
    async ([, wrong, hint]) => {
      await kubectl(['set', 'env', 'deployment/server', wrong])
      try {
        const [hash = ''] = await find(
          'replicasets -l app.kubernetes.io/name=server --sort-by=.metadata.creationTimestamp',
          '{.items[-1:].metadata.labels.pod-template-hash}',
        )
        const pods = `pods -l pod-template-hash=${hash}`
        await expect
          .poll(() => find(pods, '{.items[*].status.containerStatuses[*].started}'), PATIENCE)
          .toEqual(['true'])
        const [pod = ''] = await find(pods, '{.items[*].metadata.name}')
        const ask = (path: string): Promise<string> =>
          kubectl(['exec', pod, '--', ...fetchIn(`http://127.0.0.1:3978${path}`)])
        await expect.poll(() => ask('/health'), PATIENCE).toBe('200')
        // Between two attempts to start nothing listens, for a moment.
        await expect.poll(() => ask('/ready'), PATIENCE).toBe('503')
        const lines = (await kubectl(['logs', pod])).split('\n')
        expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
          expect.objectContaining({ event: 'server.not-started', hint }),
        ])
        expect(await find(pods, '{.items[*].status.containerStatuses[*].restartCount}')).toEqual(['0'])
        expect(Number((await find('deployment server', '{.status.availableReplicas}'))[0])).toBeGreaterThanOrEqual(4)
      } finally {
        await kubectl(['rollout', 'undo', 'deployment/server'])
        await kubectl(['rollout', 'status', 'deployment/server', '--timeout=120s'])
      }
    },
  )

  it('a wrong setting of the functions is one line of a Job that is not run again', async () => {
    const job = JSON.parse(await kubectl(['get', 'job', 'stack', '-o', 'json']))
    const { containers, initContainers, ...pod } = job.spec.template.spec
    const [container] = containers
    const wrong = { ...container, env: [{ name: 'TICKETING_GIVE_UP_AFTER', value: '24' }] }
    const { backoffLimit, podFailurePolicy } = job.spec
    const template = {
      metadata: { labels: { 'app.kubernetes.io/name': 'stack' } },
      spec: { ...pod, initContainers, containers: [wrong] },
    }
    await kubectl(['create', '-f', '-'], {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'wrong' },
      spec: { backoffLimit, podFailurePolicy, template },
    })
    expect((await endOf('wrong')).trim()).toBe(
      'ticketing up: TICKETING_GIVE_UP_AFTER is "24": it must be a duration such as 90m, 24h or 2d.',
    )
    expect(await find('job wrong', '{.status.conditions[?(@.type=="Failed")].reason} {.status.failed}')).toEqual([
      'PodFailurePolicy',
      '1',
    ])
  })
})
