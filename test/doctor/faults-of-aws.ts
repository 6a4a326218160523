import { CreatePolicyVersionCommand, DeleteRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam'
import {
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { DeleteBucketPolicyCommand } from '@aws-sdk/client-s3'
import { DeleteSecretCommand, RestoreSecretCommand } from '@aws-sdk/client-secrets-manager'
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { loadBundles } from '@ticketing/lambdas'
import { createStackClients, operatorPolicy, type PolicyDocument } from '@ticketing/stack'
import { systemClock } from 'ticket-adapters/clock'
import { SECRET_ID } from './doctor-bed.ts'
import {
  INTAKE,
  lambdaSays,
  mappingOf,
  OTHER_TOKEN,
  type PlantedFault,
  queueUrl,
  resourceFault,
  SCOPE,
  secretFault,
} from './plant.ts'

/** Credentials, clock, permissions. */
export const ofAws: readonly PlantedFault[] = [
  {
    what: 'there are no credentials',
    wrong: ['credentials'],
    plant: async () => ({
      options: {
        clients: createStackClients({
          region: 'us-east-1',
          endpoint: 'http://127.0.0.1:1',
          credentials: () =>
            Promise.reject(Object.assign(new Error('none found'), { name: 'CredentialsProviderError' })),
        }),
      },
    }),
  },
  {
    what: "this machine's clock is two minutes ahead",
    wrong: ['clock'],
    plant: async () => ({ options: { clock: { ...systemClock, now: () => systemClock.now() + 120_000 } } }),
  },
  {
    what: 'the caller lacks two permissions of an operator',
    wrong: ['permissions'],
    plant: async (bed) => {
      const { Version, Statement } = operatorPolicy(SCOPE)
      const weak: PolicyDocument = {
        Version,
        Statement: [
          ...Statement.filter(({ Sid }) => !['Redrive', 'OwnMappings'].includes(Sid)),
          { Sid: 'Ask', Effect: 'Allow', Action: ['iam:SimulatePrincipalPolicy', 'iam:GetRole'], Resource: ['*'] },
        ],
      }
      return { options: { clients: await bed.clientsFor(weak) } }
    },
  },
]

/** The secrets. */
export const ofSecrets: readonly PlantedFault[] = [
  {
    what: 'the secret was deleted',
    wrong: ['secret'],
    plant: async ({ clients: { secretsManager } }) => {
      await secretsManager.send(new DeleteSecretCommand({ SecretId: SECRET_ID }))
      return { undo: () => secretsManager.send(new RestoreSecretCommand({ SecretId: SECRET_ID })) }
    },
  },
  secretFault('a key is missing', { SLACK_URL: undefined }, { wrong: ['secret SLACK_URL'] }),
  secretFault('a key has the wrong form', { TRELLO_BOARD_ID: 'not a board' }, { wrong: ['secret TRELLO_BOARD_ID'] }),
  secretFault(
    'the token of Teams was cut',
    { TEAMS_HMAC_SECRET: 'dG9rZW4=' },
    { wrong: ['secret TEAMS_HMAC_SECRET'], secretId: INTAKE },
  ),
  secretFault(
    'no webhook was made in Teams',
    { TEAMS_HMAC_SECRET: `not-yet=${OTHER_TOKEN}` },
    { wrong: ['secret TEAMS_HMAC_SECRET'], secretId: INTAKE },
  ),
  secretFault(
    'the functions can read what Slack signs with',
    { SLACK_SIGNING_SECRET: '0123456789abcdef'.repeat(2) },
    { wrong: ['secret SLACK_SIGNING_SECRET'] },
  ),
]

/** What `up` makes. */
export const ofResources: readonly PlantedFault[] = [
  resourceFault('a queue keeps messages for another time', ['queue acme-LP'], async (bed) =>
    bed.clients.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: await queueUrl(bed, 'acme-LP'),
        Attributes: { MessageRetentionPeriod: '3600' },
      }),
    ),
  ),
  resourceFault('the policy of the bucket was removed', ['bucket acme-bucket'], ({ clients }) =>
    clients.s3.send(new DeleteBucketPolicyCommand({ Bucket: 'acme-bucket' })),
  ),
  resourceFault('the boundary allows more', ['policy acme-Boundary'], async ({ clients: { iam } }) => {
    const PolicyArn = 'arn:aws:iam::000000000000:policy/acme-Boundary'
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }))
  }),
  resourceFault('a role lost its policy', ['role acme-HP-Role'], async ({ clients: { iam } }) => {
    const RoleName = 'acme-HP-Role'
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }))
    for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
  }),
  resourceFault('a function has other code', ['function acme-MP', 'release'], async ({ clients }) =>
    clients.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'acme-MP', ZipFile: (await loadBundles()).low })),
  ),
  resourceFault('a function has another role', ['function acme-MP'], async ({ clients }) =>
    clients.lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'acme-MP',
        Role: 'arn:aws:iam::000000000000:role/acme-HP-Role',
      }),
    ),
  ),
  resourceFault('a function was deleted', ['function acme-N'], ({ clients }) =>
    clients.lambda.send(new DeleteFunctionCommand({ FunctionName: 'acme-N' })),
  ),
  resourceFault('an event source mapping is disabled', ['mapping acme-LP -> acme-LP', 'running acme-LP'], async (bed) =>
    bed.clients.lambda.send(
      new UpdateEventSourceMappingCommand({ UUID: await mappingOf(bed, 'acme-LP'), Enabled: false }),
    ),
  ),
  resourceFault(
    'an event source mapping was deleted',
    ['mapping acme-EVQ -> acme-EV', 'running acme-EV'],
    async (bed) =>
      bed.clients.lambda.send(new DeleteEventSourceMappingCommand({ UUID: await mappingOf(bed, 'acme-EV') })),
  ),
  lambdaSays('Lambda could not take the last change of a function', ['running acme-DLQ'], async (call, input, run) => {
    const answer = await run()
    const isMeant = call.operation === 'GetFunctionConfiguration' && Reflect.get(input, 'FunctionName') === 'acme-DLQ'
    return isMeant
      ? { ...answer, LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'The role cannot be assumed.' }
      : answer
  }),
  lambdaSays('the last batch of a mapping failed', ['running acme-HP'], async (call, input, run) => {
    const answer = await run()
    const mappings: unknown = Reflect.get(answer ?? {}, 'EventSourceMappings')
    const isMeant = call.operation === 'ListEventSourceMappings' && Reflect.get(input, 'FunctionName') === 'acme-HP'
    if (!isMeant || !Array.isArray(mappings)) return answer
    return {
      ...answer,
      EventSourceMappings: mappings.map((one: object) =>
        Object.assign(one, { LastProcessingResult: 'PROBLEM: Function call failed' }),
      ),
    }
  }),
]
