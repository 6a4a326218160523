import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { createLocalAws, createRoleSessionIssuer, openStore, type Cloud, type Intercept } from '@ticketing/local-aws'
import { createStackClients, type PolicyDocument, type StackClients } from '@ticketing/stack'
import { withoutWire } from '@ticketing/testbed'
import { type Clock, intakeSecretId } from 'ticket-core'

/** Whose policies are tried, and of which system. */
export const SCOPE = { prefix: 'acme', region: 'us-east-1', accountId: '000000000000', secretId: 'ticketing-app' }

const SECRET = {
  PREFIX: SCOPE.prefix,
  TRELLO_API_KEY: '0'.repeat(32),
  TRELLO_API_TOKEN: '0'.repeat(64),
  TRELLO_BOARD_ID: '0'.repeat(24),
  TRELLO_LIST_NAME: 'To Do',
  SLACK_URL: 'https://127.0.0.1:1/slack',
}

export const TOKEN = Buffer.from('the token of a team, in 32 bytes').toString('base64')

/** What Trello and Slack sign with. */
export const CALLBACK_SECRETS = {
  TRELLO_API_SECRET: '0123456789abcdef'.repeat(4),
  SLACK_SIGNING_SECRET: '0123456789abcdef'.repeat(2),
}

const SECRETS = [
  [SCOPE.secretId, SECRET],
  [intakeSecretId(SCOPE.secretId), { TEAMS_HMAC_SECRET: TOKEN, ...CALLBACK_SECRETS }],
] as const

/** A hundred times as fast as the wall clock: a long poll of a second takes ten milliseconds. */
export const fastClock: Clock = {
  now: () => performance.timeOrigin + performance.now() * 100,
  monotonic: () => performance.now() * 100,
  after(ms, run) {
    const timer = setTimeout(run, ms / 100)
    return () => clearTimeout(timer)
  },
}

export interface Account extends AsyncDisposable {
  readonly cloud: Cloud
  readonly root: StackClients
  /** Clients that may do what this policy says: with a role made for it, as on AWS. */
  clientsFor(policy: PolicyDocument): Promise<StackClients>
  /** The clients of a function: of a session of its role, which only Lambda takes. */
  sessionOf(roleName: string): StackClients
  /** Answers calls in the account's place from now on. */
  intercept(answer: Intercept): void
  /** The operations that were called by a role, since it was opened. */
  readonly operations: ReadonlySet<string>
  /** Everything in it, for another one to begin with. */
  image(): Uint8Array
}

/**
 * An AWS account in this process that enforces its policies. It holds the secret, and its functions are never run.
 *
 * @param image what to begin with instead
 */
export async function openAccount(image?: Uint8Array): Promise<Account> {
  const store = openStore(':memory:')
  if (image) store.deserialize(image)
  const operations = new Set<string>()
  let intercept: Intercept | undefined
  const endpoint = 'http://cloud.internal'
  const composed = createLocalAws({
    clock: fastClock,
    store,
    sessionSeconds: SESSION_SECONDS,
    intercept: (call, input, run) => {
      if (call.caller.roleName !== undefined) operations.add(call.operation)
      return intercept ? intercept(call, input, run) : run()
    },
  })
  const options = { endpoint, region: SCOPE.region, requestHandler: composed.requestHandler }
  const connect = (credentials: Keys): StackClients => withoutWire(createStackClients({ ...options, credentials }))
  const root = connect({ accessKeyId: 'root', secretAccessKey: 'root' })
  const issueSession = createRoleSessionIssuer({ store, clock: fastClock })
  for (const [Name, values] of image ? [] : SECRETS)
    await root.secretsManager.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(values) }))
  return {
    cloud: composed.cloud,
    root,
    clientsFor: async (policy) => connect(await assume(root, policy)),
    sessionOf: (roleName) => {
      const roleArn = `arn:aws:iam::${SCOPE.accountId}:role/${roleName}`
      const { credentials } = issueSession({ roleArn, sessionName: 'function', seconds: SESSION_SECONDS })
      const { expiration: _milliseconds, ...keys } = credentials
      return connect(keys)
    },
    intercept: (answer) => void (intercept = answer),
    operations,
    image: () => store.serialize(),
    [Symbol.asyncDispose]: async () => {
      await composed.close()
      store.close()
    },
  }
}

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: SCOPE.accountId }, Action: 'sts:AssumeRole' }],
}

interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The longest that there is: seven minutes of the wall clock. */
const SESSION_SECONDS = 43_200

/** An account may begin with the image of one that had some. */
let callers = 0

async function assume({ iam, sts }: StackClients, policy: PolicyDocument): Promise<Keys> {
  callers += 1
  const RoleName = `caller-${callers}`
  const AssumeRolePolicyDocument = JSON.stringify(TRUST)
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, MaxSessionDuration: SESSION_SECONDS }))
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'what-they-may', PolicyDocument: JSON.stringify(policy) }),
  )
  const RoleArn = `arn:aws:iam::${SCOPE.accountId}:role/${RoleName}`
  const { Credentials: got } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', DurationSeconds: SESSION_SECONDS }),
  )
  return {
    accessKeyId: got?.AccessKeyId ?? '',
    secretAccessKey: got?.SecretAccessKey ?? '',
    sessionToken: got?.SessionToken ?? '',
  }
}
