import { CreateRoleCommand, IAMClient, PutRolePolicyCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { afterAll, expect, test } from 'vitest'
import { createLocalAws } from '../../create-local-aws.ts'

const aws = createLocalAws()
afterAll(() => aws.close())
const iam = new IAMClient({
  region: 'us-east-1',
  endpoint: 'http://cloud.internal',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: aws.requestHandler,
})
const PolicySourceArn = 'arn:aws:iam::000000000000:role/reader'

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
test('a role is simulated with its policies, and with the context that the caller gives', async () => {
  const trust = { Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }] }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', ...trust })
  await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument }))
  const Statement = [
    {
      Effect: 'Allow',
      Action: 's3:*',
      Resource: 'arn:aws:s3:::b/*',
      Condition: { StringEquals: { 's3:prefix': 'a' } },
    },
    { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
  ]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'p', PolicyDocument }))
  const simulate = async (value?: string) => {
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn,
        ActionNames: ['s3:GetObject', 's3:DeleteObject'],
        ResourceArns: ['arn:aws:s3:::b/k', 'arn:aws:s3:::other/k'],
        ContextEntries: value === undefined ? [] : [{ ContextKeyName: 'S3:Prefix', ContextKeyValues: [value] }],
      }),
    )
    return EvaluationResults.map(({ EvalDecision }) => EvalDecision)
  }
  expect(await simulate('a')).toEqual(['allowed', 'implicitDeny', 'explicitDeny', 'explicitDeny'])
  expect(await simulate()).toEqual(['implicitDeny', 'implicitDeny', 'explicitDeny', 'explicitDeny'])
})

test('a principal that does not exist is refused', async () => {
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: `${PolicySourceArn}s`,
    ActionNames: ['s3:Get'],
  })
  await expect(iam.send(command)).rejects.toMatchObject({ name: 'NoSuchEntityException' })
})
