import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetPolicyCommand,
  GetRoleCommand,
  ListEntitiesForPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateFunctionCommand } from '@aws-sdk/client-lambda'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { failureOf } from '../testing/start-account.ts'
import { documentOf, startGuardedAccount } from '../testing/start-guarded-account.ts'
import { zipOf } from '../testing/start-lambda.ts'

const BOUNDARY = 'arn:aws:iam::000000000000:policy/bounds'
const OTHER = 'arn:aws:iam::aws:policy/AdministratorAccess'
const ROLE = 'arn:aws:iam::000000000000:role/made'
const TRUST = documentOf([
  { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
])
const POLICY = documentOf([{ Effect: 'Allow', Action: '*', Resource: '*' }])
const bounded = (Action: string): object => ({
  Effect: 'Allow',
  Action,
  Resource: ROLE,
  Condition: { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } },
})
const create = (PermissionsBoundary?: string): CreateRoleCommand =>
  new CreateRoleCommand({
    RoleName: 'made',
    AssumeRolePolicyDocument: TRUST,
    ...(PermissionsBoundary && { PermissionsBoundary }),
  })

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
test('a condition on the boundary applies to the requested one, and to the one that a role has', async () => {
  const account = startGuardedAccount()
  const { iam: root } = account.root
  await root.send(new CreatePolicyCommand({ PolicyName: 'bounds', PolicyDocument: POLICY }))
  const { iam } = await account.as(
    ['CreateRole', 'PutRolePolicy', 'AttachRolePolicy', 'PutRolePermissionsBoundary'].map((name) =>
      bounded(`iam:${name}`),
    ),
  )
  const put = new PutRolePolicyCommand({ RoleName: 'made', PolicyName: 'p', PolicyDocument: POLICY })
  const attach = new AttachRolePolicyCommand({ RoleName: 'made', PolicyArn: OTHER })
  for (const refused of [create(), create(OTHER)])
    expect((await failureOf(iam.send(refused))).name).toBe('AccessDenied')
  await iam.send(create(BOUNDARY))
  await iam.send(put)
  await iam.send(attach)
  await root.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'made', PermissionsBoundary: OTHER }))
  for (const refused of [
    iam.send(put),
    iam.send(attach),
    iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'made', PermissionsBoundary: OTHER })),
    iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'made' })),
  ])
    expect((await failureOf(refused)).name).toBe('AccessDenied')
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'made', PermissionsBoundary: BOUNDARY }))
  await iam.send(put)
  await root.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'made' }))
  expect((await failureOf(iam.send(put))).name).toBe('AccessDenied')
})

test('a boundary must exist, is returned, is counted, and cannot be deleted while a role has it', async () => {
  const { iam } = startGuardedAccount().root
  expect(await failureOf(iam.send(create(BOUNDARY)))).toMatchObject({
    name: 'NoSuchEntityException',
    message: `Scope ARN: ${BOUNDARY} does not exist or is not attachable.`,
  })
  await iam.send(new CreatePolicyCommand({ PolicyName: 'bounds', PolicyDocument: POLICY }))
  const shown = { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: BOUNDARY } }
  expect(await iam.send(create(BOUNDARY))).toMatchObject({ Role: shown })
  expect(await iam.send(new GetRoleCommand({ RoleName: 'made' }))).toMatchObject({ Role: shown })
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: BOUNDARY }))
  expect(Policy).toMatchObject({ AttachmentCount: 0, PermissionsBoundaryUsageCount: 1 })
  const usersOf = async (PolicyUsageFilter?: 'PermissionsPolicy' | 'PermissionsBoundary'): Promise<unknown> =>
    (
      await iam.send(
        new ListEntitiesForPolicyCommand({ PolicyArn: BOUNDARY, ...(PolicyUsageFilter && { PolicyUsageFilter }) }),
      )
    ).PolicyRoles?.map(({ RoleName }) => RoleName)
  expect(await usersOf()).toEqual(['made'])
  expect(await usersOf('PermissionsBoundary')).toEqual(['made'])
  expect(await usersOf('PermissionsPolicy')).toEqual([])
  const remove = new DeletePolicyCommand({ PolicyArn: BOUNDARY })
  expect((await failureOf(iam.send(remove))).name).toBe('DeleteConflictException')
  await iam.send(new DeleteRoleCommand({ RoleName: 'made' }))
  await iam.send(remove)
})

test.each([
  ['this account', '000000000000', 'made'],
  ['another account', '111111111111', 'The role defined for the function cannot be assumed by Lambda.'],
])('Lambda accepts a role that trusts it for %s as on AWS', async (_whom, account, said) => {
  const { iam, lambda } = startGuardedAccount().root
  const AssumeRolePolicyDocument = documentOf([
    {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    },
  ])
  await iam.send(new CreateRoleCommand({ RoleName: 'made', AssumeRolePolicyDocument }))
  const making = lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'f',
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf('export const handler = () => null') },
    }),
  )
  const made = await making.then(
    () => 'made',
    (error: Error) => error.message,
  )
  expect(made).toBe(said)
})

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html */
test('a bucket that requires conditional writes rejects others, also copies and multipart uploads', async () => {
  const { s3 } = startGuardedAccount().root
  const Bucket = 'mine'
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'x' }))
  const deny = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::mine/*',
    Condition: { Null: { 's3:if-none-match': 'true', 's3:if-match': 'true' } },
  }
  const keep = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:DeleteObject',
    Resource: 'arn:aws:s3:::mine/*',
    Condition: { Null: { 's3:if-match': 'true' } },
  }
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: documentOf([deny, keep]) }))
  for (const refused of [
    s3.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'y' })),
    s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: 'mine/there' })),
    s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' })),
    s3.send(new DeleteObjectCommand({ Bucket, Key: 'there' })),
  ])
    expect((await failureOf(refused)).message).toMatch(/explicit deny in a resource-based policy/)
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'y', IfNoneMatch: '*' }))
  const changed = await s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'z', IfMatch: ETag }))
  const { Errors = [], Deleted = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'there' }, { Key: 'new', ETag: changed.ETag }] } }),
  )
  expect(Errors.map(({ Key, Code }) => [Key, Code])).toEqual([['there', 'AccessDenied']])
  expect(Deleted.map(({ Key }) => Key)).toEqual(['new'])
})
