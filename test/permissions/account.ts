import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import {
  createAuthorizer,
  createCallerResolver,
  createCloud,
  createFunctionRights,
  createIamService,
  createInProcessHandler,
  createLambdaService,
  createOpenQueue,
  createRoleSessionIssuer,
  createS3Service,
  createSecretsManagerService,
  createSqsService,
  createStsService,
  openStore,
} from '@ticketing/local-aws'
import type { Cloud, CloudOptions } from '@ticketing/local-aws'
import { createStackClients } from '@ticketing/stack'
import type { PolicyDocument, StackClientOptions, StackClients } from '@ticketing/stack'
import type { Clock } from 'ticket-core'

/** Whose policies are tried, and of which system. */
export const SCOPE = { prefix: 'acme', region: 'us-east-1', accountId: '000000000000', secretId: 'ticketing-app' }

export const SECRET = {
  PREFIX: SCOPE.prefix,
  TRELLO_API_KEY: '0'.repeat(32),
  TRELLO_API_TOKEN: '0'.repeat(64),
  TRELLO_BOARD_ID: '0'.repeat(24),
  TRELLO_LIST_NAME: 'To Do',
  SLACK_URL: 'http://127.0.0.1:1/slack',
  TEAMS_HMAC_SECRET: Buffer.from('the token of a team, in 32 bytes').toString('base64'),
}

/** A hundred times as fast as the wall clock: a long poll of a second takes ten milliseconds. */
export const fastClock: Clock = {
  now: () => performance.timeOrigin + performance.now() * 100,
  after(ms, run) {
    const timer = setTimeout(run, ms / 100)
    return () => clearTimeout(timer)
  },
}

export interface Account extends AsyncDisposable {
  readonly cloud: Cloud
  readonly root: StackClients
  /** How somebody reaches it who may do what this policy says: by a role made for it, as on AWS. */
  optionsFor(policy: PolicyDocument): Promise<Required<Omit<StackClientOptions, 'maxAttempts'>>>
  /** Answers calls in the account's place from now on. */
  intercept(answer: NonNullable<CloudOptions['intercept']>): void
}

/** An AWS account in this process that enforces its policies. It holds the secret, and its functions are never run. */
export async function openAccount(): Promise<Account> {
  const clock = fastClock
  const store = openStore(':memory:')
  const late: { cloud?: Cloud; intercept?: NonNullable<CloudOptions['intercept']> } = {}
  const cloud: Cloud = (request) => {
    if (!late.cloud) throw new Error('the cloud is not made yet')
    return late.cloud(request)
  }
  const requestHandler = createInProcessHandler(cloud)
  const issue = createRoleSessionIssuer({ store, clock })
  const lambda = createLambdaService({
    store,
    clock,
    rights: createFunctionRights({ store, clock }),
    openQueue: createOpenQueue({
      requestHandler,
      credentials: async (roleArn) => {
        const { expiration: _, ...keys } = issue({ roleArn, sessionName: 'poller', seconds: 43_200 }).credentials
        return keys
      },
    }),
    executor: {
      invoke: () => Promise.reject(new Error('no function is run here')),
      retire: () => undefined,
      close: async () => undefined,
    },
  })
  const shared = { store, clock }
  late.cloud = createCloud({
    clock,
    resolveCaller: createCallerResolver(store, clock),
    authorizer: createAuthorizer(shared),
    intercept: (call, input, run) => late.intercept?.(call, input, run) ?? run(),
    services: [
      createSqsService(shared),
      createS3Service(shared),
      createSecretsManagerService(shared),
      createIamService(shared),
      createStsService(shared),
      lambda.service,
    ],
  })
  const options = { endpoint: 'http://cloud.internal', region: SCOPE.region, requestHandler }
  const root = createStackClients({ ...options, credentials: { accessKeyId: 'root', secretAccessKey: 'root' } })
  await root.secretsManager.send(
    new CreateSecretCommand({ Name: SCOPE.secretId, SecretString: JSON.stringify(SECRET) }),
  )
  return {
    cloud,
    root,
    intercept: (answer) => void (late.intercept = answer),
    async optionsFor(policy) {
      return { ...options, credentials: await assume(root, policy) }
    },
    [Symbol.asyncDispose]: async () => {
      await lambda.stop()
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
  readonly sessionToken: string
}

/** The longest that there is: seven minutes of the wall clock. */
const SESSION_SECONDS = 43_200

async function assume({ iam, sts }: StackClients, policy: PolicyDocument): Promise<Keys> {
  const RoleName = 'somebody'
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
