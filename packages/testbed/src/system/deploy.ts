import { randomBytes } from 'node:crypto'
import { DeleteSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import type { Bundles } from '@ticketing/lambdas'
import {
  applyStack,
  describeStack,
  destroyStack,
  ensureSecret,
  readCaller,
  type AppliedStack,
  type DesiredStack,
  type StackClients,
} from '@ticketing/stack'
import { type Clock, type NewsLevel, intakeSecretId, readIntakeSecret, splitToken } from 'ticket-core'
import type { Vendors } from './start-vendors.ts'

export interface DeployOptions {
  readonly clients: StackClients
  readonly clock: Clock
  readonly bundles: Bundles
  readonly vendors: Vendors
  readonly prefix: string
  readonly secretId: string
  readonly news?: NewsLevel | undefined
  readonly functionSettings?: Readonly<Record<string, string>>
  /** What answers Teams: servers, or a function behind an address of its own. @default 'server' */
  readonly intake?: 'server' | 'function' | undefined
  /** Whether to deploy the functions and their event source mappings too. @default true */
  readonly withFunctions?: boolean
}

export interface Deployed {
  readonly desired: DesiredStack
  readonly bucket: string
  readonly queueUrls: Readonly<Record<string, string>>
  /** Where the function of intake answers, without a trailing slash. */
  readonly intakeUrl?: string
  /** Base64. A random key, made for this testbed. */
  readonly teamsToken: string
}

/** Deploys the secret and the stack to a cloud, by the code that does so on AWS. */
export async function deploy(options: DeployOptions): Promise<Deployed> {
  const {
    clients,
    clock,
    bundles,
    vendors,
    prefix,
    secretId,
    functionSettings = {},
    withFunctions = true,
    intake,
  } = options
  const { teamsToken, arn } = await putSecret(options)
  const caller = await readCaller(clients)
  if (!caller.ok) throw new Error(caller.failure.problem)
  const { accountId } = caller.value
  const region = await clients.sqs.config.region()
  const handler = 'index.handler'
  const describe = (publicUrl?: string): DesiredStack =>
    describeStack({
      prefix,
      region,
      accountId,
      secretId,
      secretArn: arn,
      functions: {
        low: { zip: bundles.low, handler },
        medium: { zip: bundles.medium, handler },
        high: { zip: bundles.high, handler },
        news: { zip: bundles.news, handler },
        events: { zip: bundles.events, handler },
        dead: { zip: bundles.dead, handler },
      },
      settings: { TICKETING_TRELLO_URL: vendors.trelloUrl, ...functionSettings },
      ...(intake === 'function' && {
        intake: { code: { zip: bundles.intake, handler }, settings: settingsOfIntake(vendors, publicUrl) },
      }),
    })
  const apply = async (stack: DesiredStack): Promise<AppliedStack> => {
    const applied = await applyStack(stack, clients, { clock })
    if (applied.ok) return applied.value
    const problems = applied.failure.problems.map(
      ({ resource, problem }) => `${resource.kind} ${resource.name}: ${problem}`,
    )
    throw new Error(`the stack could not be applied: ${problems.join('; ')}`)
  }
  const desired = describe()
  const { bucket, queueUrls, functionUrls } = await apply(
    withFunctions ? desired : { ...desired, functions: [], mappings: [] },
  )
  const intakeUrl = functionUrls[desired.names.intake.function]?.replace(/\/+$/, '')
  // An emulator's address is not the one that its events name: Trello signs the address that it calls.
  if (intakeUrl !== undefined) await apply(describe(intakeUrl))
  return { desired, bucket, queueUrls, teamsToken, ...(intakeUrl !== undefined && { intakeUrl }) }
}

function settingsOfIntake({ trelloUrl, slackUrl }: Vendors, publicUrl: string | undefined): Record<string, string> {
  return {
    TICKETING_TRELLO_URL: trelloUrl,
    TICKETING_SLACK_URL: slackUrl,
    ...(publicUrl !== undefined && { TICKETING_PUBLIC_URL: publicUrl }),
  }
}

/**
 * Writes the secrets: one that names the simulators, and intake's own with the token of a team and what vendors sign with. An existing
 * token stays.
 */
export async function putSecret({
  clients,
  vendors,
  prefix,
  secretId,
  news,
}: Pick<DeployOptions, 'clients' | 'vendors' | 'prefix' | 'secretId' | 'news'>): Promise<{
  teamsToken: string
  arn: string
}> {
  const teamsToken = (await keptToken(clients, secretId)) ?? randomBytes(32).toString('base64')
  const { trello, slack, workflows, slackWebhookUrl, adminSlackUrl, workflowsUrl } = vendors
  const values = {
    PREFIX: prefix,
    TRELLO_API_KEY: trello.key,
    TRELLO_API_TOKEN: trello.token,
    TRELLO_BOARD_ID: trello.boardId,
    TRELLO_LIST_NAME: 'To Do',
    TRELLO_DONE_LIST_NAME: 'Done',
    SLACK_URL: slackWebhookUrl,
    ADMIN_SLACK_URL: adminSlackUrl,
    ...(news && { TEAMS_NOTIFY_URL: JSON.stringify({ default: { url: workflows.at(workflowsUrl), level: news } }) }),
  }
  const put = async (id: string, content: Readonly<Record<string, string>>): Promise<string> => {
    const secret = await ensureSecret(clients, { secretId: id, values: content }, { overwrite: true })
    if (!secret.ok) throw new Error(`the secret ${id} could not be written: ${secret.failure.problem}`)
    return secret.value.arn
  }
  await put(intakeSecretId(secretId), {
    TEAMS_HMAC_SECRET: teamsToken,
    TRELLO_API_SECRET: trello.apiSecret,
    SLACK_SIGNING_SECRET: slack.signingSecret,
  })
  return { teamsToken, arn: await put(secretId, values) }
}

/** Removes what {@link deploy} made, with all data. Resolves with the number of removed resources, without the secrets:
 * AWS reports success also for a secret that does not exist. */
export async function takeDown({
  clients,
  clock,
  prefix,
  secretId,
}: Pick<DeployOptions, 'clients' | 'clock' | 'prefix' | 'secretId'>): Promise<number> {
  const region = await clients.sqs.config.region()
  const destroyed = await destroyStack({ prefix, region }, clients, { clock, data: 'delete' })
  for (const id of [secretId, intakeSecretId(secretId)]) await deleteSecret(clients, id)
  if (!destroyed.ok)
    throw new Error(
      `the stack ${prefix} could not be taken down: ${destroyed.failure.problems.map(({ problem }) => problem).join('; ')}`,
    )
  return destroyed.value.removed.length
}

async function deleteSecret({ secretsManager }: StackClients, secretId: string): Promise<void> {
  try {
    await secretsManager.send(new DeleteSecretCommand({ SecretId: secretId, ForceDeleteWithoutRecovery: true }))
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException'
}

/** The token of an earlier start on the same state. */
async function keptToken({ secretsManager }: StackClients, secretId: string): Promise<string | undefined> {
  try {
    const SecretId = intakeSecretId(secretId)
    const { SecretString = '' } = await secretsManager.send(new GetSecretValueCommand({ SecretId }))
    const read = readIntakeSecret(SecretString)
    return read.ok ? read.value.teamsTokens.map((entry) => splitToken(entry).token)[0] : undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
