import {
  type CreateRoleCommandInput,
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SetDefaultPolicyVersionCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateFunctionCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { CreateQueueCommand } from '@aws-sdk/client-sqs'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { operatorPolicy, type StackClients } from '@ticketing/stack'
import { nameResources } from 'ticket-core'
import { expect, test } from 'vitest'
import { type Account, openAccount, SCOPE } from './account.ts'
import { applyAll, emptyZip } from './operate.ts'

const { boundary, lanes } = nameResources(SCOPE.prefix)
const RoleName = lanes.low.role
const BOUNDARY = `arn:aws:iam::${SCOPE.accountId}:policy/${boundary}`
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess'
const roleArn = (name: string): string => `arn:aws:iam::${SCOPE.accountId}:role/${name}`
const PolicyName = 'what-the-function-does'
const EVERYTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})
const trustFor = (Principal: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] })
const TRUST_LAMBDA = trustFor({ Service: 'lambda.amazonaws.com' })
const code = { Handler: 'index.handler', Runtime: 'nodejs24.x', Code: { ZipFile: emptyZip('evil') } } as const

/** An account with the stack, an administrator's role that trusts everybody, and a role of ours without a boundary. */
async function furnish({ root }: Account): Promise<void> {
  await applyAll(root)
  const AssumeRolePolicyDocument = trustFor({ AWS: SCOPE.accountId, Service: 'lambda.amazonaws.com' })
  await root.iam.send(new CreateRoleCommand({ RoleName: 'admin', AssumeRolePolicyDocument }))
  await root.iam.send(new PutRolePolicyCommand({ RoleName: 'admin', PolicyName: 'all', PolicyDocument: EVERYTHING }))
  await root.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: lanes.high.role }))
}

type Attack = (operator: StackClients) => Promise<unknown>

const createRole = (role: Partial<CreateRoleCommandInput>): Attack => {
  const command = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST_LAMBDA, ...role })
  return async ({ iam }) => {
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
    await iam.send(new DeleteRoleCommand({ RoleName }))
    return iam.send(command)
  }
}

const ATTACKS: readonly (readonly [what: string, attack: Attack])[] = [
  ['makes a role of its own', createRole({ RoleName: 'evil', PermissionsBoundary: BOUNDARY })],
  ['makes a role without a boundary', createRole({})],
  ['makes a role with a boundary that bounds nothing', createRole({ PermissionsBoundary: ADMINISTRATOR })],
  ['drops the boundary', ({ iam }) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }))],
  [
    'puts another boundary in its place',
    ({ iam }) => iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: ADMINISTRATOR })),
  ],
  [
    'widens the boundary by a new version',
    ({ iam }) =>
      iam.send(new CreatePolicyVersionCommand({ PolicyArn: BOUNDARY, PolicyDocument: EVERYTHING, SetAsDefault: true })),
  ],
  [
    'turns the boundary back to an older version',
    ({ iam }) => iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: BOUNDARY, VersionId: 'v1' })),
  ],
  ['deletes the boundary', ({ iam }) => iam.send(new DeletePolicyCommand({ PolicyArn: BOUNDARY }))],
  [
    'makes the boundary again',
    ({ iam }) => iam.send(new CreatePolicyCommand({ PolicyName: boundary, PolicyDocument: EVERYTHING })),
  ],
  [
    'attaches the policy of administrators',
    ({ iam }) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: ADMINISTRATOR })),
  ],
  [
    'lets everybody take the role',
    ({ iam }) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trustFor({ AWS: SCOPE.accountId }) })),
  ],
  [
    'writes everything into a role that has no boundary',
    ({ iam }) =>
      iam.send(new PutRolePolicyCommand({ RoleName: lanes.high.role, PolicyName, PolicyDocument: EVERYTHING })),
  ],
  [
    'writes into the role of an administrator',
    ({ iam }) => iam.send(new PutRolePolicyCommand({ RoleName: 'admin', PolicyName, PolicyDocument: EVERYTHING })),
  ],
  [
    'gives a function the role of an administrator',
    ({ lambda }) =>
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: lanes.low.function, Role: roleArn('admin') })),
  ],
  [
    'makes a function of its own with the role of an administrator',
    ({ lambda }) => lambda.send(new CreateFunctionCommand({ FunctionName: 'evil', Role: roleArn('admin'), ...code })),
  ],
  [
    'takes the role of an administrator',
    ({ sts }) => sts.send(new AssumeRoleCommand({ RoleArn: roleArn('admin'), RoleSessionName: 'evil' })),
  ],
]

test.each(ATTACKS)('an operator who %s is refused', async (_what, attack) => {
  await using account = await openAccount()
  await furnish(account)
  const operator = await account.clientsFor(operatorPolicy(SCOPE))
  // The account's root may do all of this: a refusal of it would mean a mistaken request.
  const before = account.image()
  await expect(attack(operator)).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) })
  await using other = await openAccount(before)
  const done = attack(other.root).then(
    () => 'done',
    (error: Error) => error.name,
  )
  expect(await done).toMatch(/^(?:done|EntityAlreadyExists|DeleteConflict)/)
})

test('a function that an operator gives everything may no more than the boundary', async () => {
  await using account = await openAccount()
  await furnish(account)
  const { root } = account
  await root.s3.send(new CreateBucketCommand({ Bucket: 'salaries' }))
  await root.s3.send(new PutObjectCommand({ Bucket: 'salaries', Key: 'all.json', Body: '{}' }))
  await root.secretsManager.send(new CreateSecretCommand({ Name: 'database', SecretString: 'x' }))
  const { iam } = await account.clientsFor(operatorPolicy(SCOPE))
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: EVERYTHING }))

  const fn = account.sessionOf(RoleName)
  const attempts = await Promise.allSettled([
    fn.iam.send(new CreateRoleCommand({ RoleName: 'evil', AssumeRolePolicyDocument: TRUST_LAMBDA })),
    fn.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: ADMINISTRATOR })),
    fn.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
    fn.iam.send(new GetRoleCommand({ RoleName: 'admin' })),
    fn.sqs.send(new CreateQueueCommand({ QueueName: 'evil' })),
    fn.s3.send(new GetObjectCommand({ Bucket: 'salaries', Key: 'all.json' })),
    fn.lambda.send(new CreateFunctionCommand({ FunctionName: 'evil', Role: roleArn('admin'), ...code })),
    fn.secretsManager.send(new GetSecretValueCommand({ SecretId: 'database' })),
    fn.secretsManager.send(new GetSecretValueCommand({ SecretId: `${SCOPE.secretId}-intake` })),
  ])
  for (const attempt of attempts) {
    const refused = expect.stringMatching(/(?:no|deny in a) permissions boundary/)
    expect(attempt).toMatchObject({ status: 'rejected', reason: { message: refused } })
  }
  // What it is for it may still.
  await expect(fn.secretsManager.send(new GetSecretValueCommand({ SecretId: SCOPE.secretId }))).resolves.toBeDefined()
})
