import { createStackClients, readCaller, type StackClients } from '@ticketing/stack'
import { randomBytes } from 'node:crypto'
import { probeFunctions, type FunctionProbe } from './probe-functions.ts'
import { nameRun } from './names.ts'
import { removeLeftovers } from './remove-leftovers.ts'
import type { ScenarioCloud } from './scenario-cloud.ts'

/** The account that emulators give to callers that they do not know. */
const NO_ACCOUNT = '000000000000'
/** Functions of an account at AWS cannot reach this machine. */
const AT_AWS: FunctionProbe = {
  kind: 'cannot',
  why: 'functions at AWS do not reach this machine, where Trello and Slack are',
}

export interface ExaminedCloud {
  readonly cloud: ScenarioCloud
  /** What people see: whose parts these are. */
  readonly says: readonly string[]
}

export interface ExamineOptions {
  /** Absent: AWS itself. */
  readonly endpoint?: string | undefined
  /** Names by which its functions may reach this machine. */
  readonly hosts: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: number
}

/**
 * Looks at a cloud before scenarios run on it: whose account it is, what killed runs left there, and whether it runs
 * Node functions. Rejects, before anything is made, with what is wrong when the account is not the one that was named.
 */
export async function examineCloud({ endpoint, hosts, env, now }: ExamineOptions): Promise<ExaminedCloud> {
  const base = {
    region: env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1',
    ...(endpoint !== undefined && { endpoint }),
    ...(!hasOwnCredentials(env) &&
      endpoint !== undefined && { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  }
  const clients = createStackClients(base)
  const account = await checkAccount(clients, { endpoint, named: env['TICKETING_REAL_ACCOUNT'] })
  const leftovers = await removeLeftovers(clients, now)
  const run = nameRun(now)
  const probe =
    account === NO_ACCOUNT
      ? await probeFunctions(clients, { prefix: `${run}-${randomBytes(4).toString('hex')}`, hosts })
      : AT_AWS
  const runs = probe.kind === 'runs'
  return {
    cloud: {
      ...base,
      run,
      functions: runs ? 'cloud' : 'testbed',
      vendors: { host: '0.0.0.0', reachedAs: runs ? probe.reachedAs : '127.0.0.1' },
    },
    says: [
      `queues, objects, secrets, roles: ${endpoint ?? `AWS, account ${account}`}`,
      runs
        ? 'functions and what feeds them: its own, from the real zips'
        : `functions and what feeds them: ours, in this process (${probe.why})`,
      ...leftovers.map((prefix) => `removed what a killed run had left: ${prefix}`),
    ],
  }
}

function hasOwnCredentials(env: ExamineOptions['env']): boolean {
  return Boolean(env['AWS_ACCESS_KEY_ID'] || env['AWS_PROFILE'])
}

async function checkAccount(
  clients: StackClients,
  { endpoint, named }: { endpoint: string | undefined; named: string | undefined },
): Promise<string> {
  const where = endpoint ?? 'AWS'
  const caller = await readCaller(clients)
  if (!caller.ok) throw new Error(`${where} does not say whose account it is: ${caller.failure.problem}`)
  const { accountId } = caller.value
  if (named !== undefined && named !== accountId)
    throw new Error(
      `TICKETING_REAL_ACCOUNT is ${named}, but the credentials are of account ${accountId}; nothing was made`,
    )
  if (named === undefined && accountId !== NO_ACCOUNT)
    throw new Error(
      `${where} says that this is account ${accountId}, which may be a real one; nothing was made. To run the tests there, set TICKETING_REAL_ACCOUNT=${accountId}`,
    )
  return accountId
}
