import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { createLocalAws, type Intercept } from '@ticketing/local-aws'
import { type RunningServer, startServer, type StartOptions } from '@ticketing/server'
import type { PolicyDocument, StackClients } from '@ticketing/stack'
import { createInProcessClients, createJournal, putSecret, startVendors, type Vendors } from '@ticketing/testbed'
import { systemClock as clock } from 'ticket-adapters/clock'
import { createMetrics } from 'ticket-adapters/metrics'
import { intakeSecretId } from 'ticket-core'
import { fastClock } from '../permissions/account.ts'
import { type InProcessOptions, type InProcessResult, runInProcess } from '../support/run-in-process.ts'

export const SECRET_ID = 'ticketing-app'
const ENDPOINT = 'http://cloud.internal'

/** A finding of `doctor --json`. */
interface Line {
  readonly name: string
  readonly status: 'ok' | 'wrong' | 'not-checked'
  readonly text: string
  readonly fix?: string
}

/** A healthy deployment on this machine: secrets, resources, Trello, Slack, and a server that Trello calls back. */
export interface DoctorBed extends AsyncDisposable {
  readonly clients: StackClients
  readonly vendors: Vendors
  readonly server: RunningServer
  run(args: readonly string[], options?: Partial<InProcessOptions>): Promise<InProcessResult>
  examine(
    args?: readonly string[],
    options?: Partial<InProcessOptions>,
  ): Promise<{ readonly code: number | null; readonly lines: readonly Line[] }>
  /** Changes keys of a secret; undefined removes one. Returns how to put it back. */
  changeSecret(changes: Readonly<Record<string, string | undefined>>, secretId?: string): Promise<() => Promise<void>>
  /** Answers calls in the cloud's place from now on. */
  intercept(answer: Intercept | undefined): void
  /** Another server beside the healthy one. */
  startServer(options?: Partial<StartOptions>, secretId?: string): Promise<RunningServer>
  /** Clients of a role with this policy. */
  clientsFor(policy: PolicyDocument): Promise<StackClients>
}

export async function startDoctorBed(release: () => Promise<string>): Promise<DoctorBed> {
  let answer: Intercept | undefined
  const aws = createLocalAws({ clock, intercept: (call, input, run) => answer?.(call, input, run) ?? run() })
  const connect = (credentials: {
    accessKeyId: string
    secretAccessKey: string
    sessionToken?: string
  }): StackClients =>
    createInProcessClients({ region: 'us-east-1', endpoint: ENDPOINT, credentials, requestHandler: aws.requestHandler })
  const clients = connect({ accessKeyId: 'test', secretAccessKey: 'test' })
  // Trello takes 100 calls in 10 s of a token: these seconds pass quickly.
  const vendors = await startVendors({
    clock: fastClock,
    journal: createJournal({ clock }),
    ports: { trello: 0, slack: 0 },
  })
  const env = { AWS_ENDPOINT_URL: ENDPOINT, TICKETING_TRELLO_URL: vendors.trelloUrl }
  const run: DoctorBed['run'] = (args, options) => runInProcess(args, { cwd: tmpdir(), env, clients, ...options })
  const must = async (...args: readonly string[]): Promise<void> => {
    const { code, output } = await run(args)
    if (code !== 0) throw new Error(output)
  }
  const start = async (options: Partial<StartOptions> = {}, secretId = SECRET_ID): Promise<RunningServer> => {
    const started = await startServer({
      settings: {
        secretId,
        host: '127.0.0.1',
        port: 0,
        maxAgeMs: 300_000,
        escalateAfterMs: 900_000,
        logLevel: 'error',
        endpoint: ENDPOINT,
        trelloUrl: vendors.trelloUrl,
      },
      clients,
      clock,
      log: { write: () => undefined },
      fetch,
      newNonce: () => randomUUID(),
      metrics: createMetrics(),
      release: await release(),
      ...options,
    })
    if (!started.ok) throw new Error(started.failure.lines.join(' '))
    return started.value
  }
  await putSecret({ clients, vendors, prefix: 'acme', secretId: SECRET_ID })
  await must('up')
  const server = await start()
  await must('connect', '--public-url', server.url)
  const read = async (SecretId: string): Promise<Record<string, string>> => {
    const { SecretString = '{}' } = await clients.secretsManager.send(new GetSecretValueCommand({ SecretId }))
    return JSON.parse(SecretString)
  }
  const write = async (SecretId: string, values: Readonly<Record<string, string | undefined>>): Promise<void> => {
    await clients.secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(values) }))
  }
  return {
    clients,
    vendors,
    server,
    run,
    async examine(args = [], options = {}) {
      const address = args.includes('--public-url') ? [] : ['--public-url', server.url]
      const { code, said, output } = await run(['doctor', '--json', ...address, ...args], options)
      const result: unknown = JSON.parse(said[0] ?? `"${output}"`)
      return { code, lines: readLines(result) }
    },
    async changeSecret(changes, secretId = SECRET_ID) {
      const before = await read(secretId)
      await write(secretId, { ...before, ...changes })
      return () => write(secretId, before)
    },
    intercept: (next) => void (answer = next),
    startServer: start,
    async clientsFor(policy) {
      const RoleName = `caller-${randomUUID()}`
      const AssumeRolePolicyDocument = JSON.stringify(TRUST)
      await clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
      const PolicyDocument = JSON.stringify(policy)
      await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }))
      const RoleArn = `arn:aws:iam::000000000000:role/${RoleName}`
      const { Credentials: got } = await clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'doctor' }))
      return connect({
        accessKeyId: got?.AccessKeyId ?? '',
        secretAccessKey: got?.SecretAccessKey ?? '',
        sessionToken: got?.SessionToken ?? '',
      })
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await vendors.close()
      await aws.close()
    },
  }
}

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' }],
}

/** The secret of another deployment beside the first one, with other values. */
export async function copySecret(
  bed: DoctorBed,
  secretId: string,
  changes: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { clients } = bed
  for (const [from, to] of [
    [SECRET_ID, secretId],
    [intakeSecretId(SECRET_ID), intakeSecretId(secretId)],
  ] as const) {
    const { SecretString = '{}' } = await clients.secretsManager.send(new GetSecretValueCommand({ SecretId: from }))
    const values: Record<string, string | undefined> = { ...JSON.parse(SecretString) }
    for (const [key, value] of Object.entries(changes)) if (key in values) values[key] = value
    await putNew(clients, to, JSON.stringify(values))
  }
}

async function putNew({ secretsManager }: StackClients, Name: string, SecretString: string): Promise<void> {
  const { CreateSecretCommand } = await import('@aws-sdk/client-secrets-manager')
  try {
    await secretsManager.send(new CreateSecretCommand({ Name, SecretString }))
  } catch {
    await secretsManager.send(new PutSecretValueCommand({ SecretId: Name, SecretString }))
  }
}

/** Something else that answers at an address. */
export async function answerOtherwise(
  status: number,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const other = createServer((_request, response) => response.writeHead(status, headers).end('<html>'))
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      other.closeAllConnections()
      other.close()
      await once(other, 'close')
    },
  }
}

function readLines(result: unknown): readonly Line[] {
  const checks: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, 'checks') : undefined
  if (!Array.isArray(checks)) throw new Error(`doctor printed no checks: ${JSON.stringify(result)}`)
  return checks
}
