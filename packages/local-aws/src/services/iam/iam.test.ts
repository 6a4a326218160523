import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { type Failed, failureOf, startAccount } from '../../testing/start-account.ts'

const TRUST = policyOf({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' })
const TRUST_ACCOUNT = policyOf({ Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' })
const READ = policyOf({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' })
const RoleName = 'worker'
const NO_POLICY = 'arn:aws:iam::000000000000:policy/none'

function malformed(message: string): Failed {
  return { name: 'MalformedPolicyDocumentException', message, status: 400 }
}

function policyOf(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] })
}

test('stores a role with path, trust policy and tags; the trust policy is returned URL-encoded', async () => {
  using account = startAccount()
  const Tags = [{ Key: 'app', Value: 'tickets' }]
  await account.iam.send(new CreateRoleCommand({ RoleName, Path: '/app/', AssumeRolePolicyDocument: TRUST, Tags }))
  const { Role } = await account.iam.send(new GetRoleCommand({ RoleName }))
  expect(Role).toMatchObject({ Arn: 'arn:aws:iam::000000000000:role/app/worker', MaxSessionDuration: 3600, Tags })
  expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/)
  expect(Role?.AssumeRolePolicyDocument).toMatch(/^%7B%22Version%22/)
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST)
  const { Roles } = await account.iam.send(new ListRolesCommand({ PathPrefix: '/app/' }))
  expect(Roles?.map((role) => role.RoleName)).toEqual([RoleName])
  const taken = account.iam.send(new CreateRoleCommand({ RoleName: 'WORKER', AssumeRolePolicyDocument: TRUST }))
  expect(await failureOf(taken)).toEqual({
    name: 'EntityAlreadyExistsException',
    message: 'Role with name WORKER already exists.',
    status: 409,
  })
})

test('deletes a role only without policies', async () => {
  using account = startAccount()
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
  await account.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'read', PolicyDocument: READ }))
  const inline = await account.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'read' }))
  expect(decodeURIComponent(inline.PolicyDocument ?? '')).toBe(READ)
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'
  await account.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
  const remove = async (): Promise<unknown> => failureOf(account.iam.send(new DeleteRoleCommand({ RoleName })))
  const conflict = { name: 'DeleteConflictException', status: 409 }
  expect(await remove()).toEqual({ ...conflict, message: 'Cannot delete entity, must detach all policies first.' })
  await account.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))
  expect(await remove()).toEqual({ ...conflict, message: 'Cannot delete entity, must delete policies first.' })
  await account.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'read' }))
  await account.iam.send(new DeleteRoleCommand({ RoleName }))
  expect(await failureOf(account.iam.send(new GetRoleCommand({ RoleName })))).toEqual({
    name: 'NoSuchEntityException',
    message: 'The role with name worker cannot be found.',
    status: 404,
  })
})

test('stores versions of a managed policy, and deletes it if it is not attached', async () => {
  using account = startAccount()
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
  const { Policy } = await account.iam.send(
    new CreatePolicyCommand({ PolicyName: 'P-LP-Policy', PolicyDocument: READ }),
  )
  const PolicyArn = Policy?.Arn ?? ''
  expect(PolicyArn).toBe('arn:aws:iam::000000000000:policy/P-LP-Policy')
  await account.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
  const attached = await account.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))
  expect(attached.AttachedPolicies).toEqual([{ PolicyName: 'P-LP-Policy', PolicyArn }])
  await account.iam.send(
    new CreatePolicyVersionCommand({
      PolicyArn,
      PolicyDocument: TRUST.replace('"Principal":{"Service":"lambda.amazonaws.com"},', '"Resource":"*",'),
      SetAsDefault: true,
    }),
  )
  const second = await account.iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
  expect(second.PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true })
  const refused = await failureOf(account.iam.send(new DeletePolicyCommand({ PolicyArn })))
  expect(refused.message).toBe('Cannot delete a policy attached to entities.')
})

// Recorded on AWS: test_create_role_with_malformed_assume_role_policy_document, test_role_attach_policy.
const refusals: readonly { readonly failed: Failed; readonly ask: (iam: IAMClient) => Promise<unknown> }[] = [
  {
    failed: malformed('This policy contains invalid Json'),
    ask: (iam) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: '{' })),
  },
  {
    failed: malformed('Has prohibited field Resource'),
    ask: (iam) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: READ })),
  },
  {
    failed: malformed('Policy document should not specify a principal.'),
    ask: (iam) => iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: TRUST })),
  },
  {
    failed: {
      name: 'NoSuchEntityException',
      message: 'Policy arn:aws:iam::000000000000:policy/none does not exist or is not attachable.',
      status: 404,
    },
    ask: (iam) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: NO_POLICY })),
  },
  {
    failed: { name: 'ValidationError', message: 'Invalid ARN:  Could not be parsed!', status: 400 },
    ask: (iam) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'this-is-no-arn-but-long' })),
  },
  {
    failed: {
      name: 'NoSuchEntityException',
      message: 'Policy arn:aws:iam::000000000000:policy/none was not found.',
      status: 404,
    },
    ask: (iam) => iam.send(new DeletePolicyCommand({ PolicyArn: NO_POLICY })),
  },
  {
    failed: {
      name: 'InvalidInputException',
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      status: 400,
    },
    ask: (iam) =>
      iam.send(
        new TagRoleCommand({
          RoleName,
          Tags: [
            { Key: 'a', Value: '1' },
            { Key: 'A', Value: '2' },
          ],
        }),
      ),
  },
]

test.each(refusals)('rejects what AWS rejects: $failed.message', async ({ failed, ask }) => {
  using account = startAccount()
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
  expect(await failureOf(ask(account.iam))).toEqual(failed)
})

test('a session of an assumed role has that role’s identity until it expires', async () => {
  using account = startAccount()
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST_ACCOUNT }))
  expect((await account.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::000000000000:root')
  const RoleArn = 'arn:aws:iam::000000000000:role/worker'
  const assumed = await account.sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', DurationSeconds: 900 }),
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = assumed.Credentials ?? {}
  expect(AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
  expect(Expiration).toEqual(new Date('2026-11-24T10:15:00Z'))
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  const worker = account.stsAs({ credentials })
  const identity = await worker.send(new GetCallerIdentityCommand({}))
  expect(identity.Arn).toBe('arn:aws:sts::000000000000:assumed-role/worker/me')
  expect(identity.UserId).toBe(assumed.AssumedRoleUser?.AssumedRoleId)
  const forged = account.stsAs({ credentials: { ...credentials, sessionToken: 'forged' } })
  expect(await failureOf(forged.send(new GetCallerIdentityCommand({})))).toMatchObject({
    name: 'InvalidClientTokenId',
    status: 403,
  })
  await account.clock.advance(900_000)
  expect(await failureOf(worker.send(new GetCallerIdentityCommand({})))).toMatchObject({
    name: 'ExpiredToken',
    status: 403,
  })
})

test('CreateRole does not return the maximum session duration, as on AWS', async () => {
  using account = startAccount()
  const { Role } = await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
  expect([Role?.RoleName, Role?.MaxSessionDuration]).toEqual([RoleName, undefined])
})

test('an AWS managed policy that is unknown here is not reported as missing', async () => {
  using account = startAccount()
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
  const attach = async (name: string) => {
    const PolicyArn = `arn:aws:iam::aws:policy/${name}`
    return failureOf(account.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })))
  }
  expect(await attach('AWSXRayDaemonWriteAccess')).toMatchObject({
    name: 'PolicyNotAttachableException',
    status: 400,
    message: expect.stringContaining('does not offer the AWS managed policy'),
  })
  const own = 'arn:aws:iam::000000000000:policy/none'
  const missing = account.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: own }))
  expect(await failureOf(missing)).toMatchObject({ name: 'NoSuchEntityException' })
})
