import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  GetRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { applyStack, boundaryPolicy, operatorPolicy, type StackClients, type StackProblem } from '@ticketing/stack'
import { nameResources } from 'ticket-core'
import { expect, test } from 'vitest'
import { fastClock as clock, openAccount, SCOPE } from './account.ts'
import { applyAll, desire } from './operate.ts'

const { boundary, lanes } = nameResources(SCOPE.prefix)
const PolicyArn = `arn:aws:iam::${SCOPE.accountId}:policy/${boundary}`
const RoleName = lanes.low.role

async function problemsOf(operator: StackClients): Promise<readonly StackProblem[]> {
  const applied = await applyStack(await desire(operator, 'first'), operator, { clock })
  return applied.ok ? [] : applied.failure.problems
}

test('an operator without a boundary learns what an administrator has to do, and then goes on', async () => {
  await using account = await openAccount()
  const operator = await account.clientsFor(operatorPolicy(SCOPE))
  const [problem, ...others] = await problemsOf(operator)
  expect(others).toEqual([])
  expect(problem).toMatchObject({ code: 'needs-administrator', resource: { kind: 'policy', name: boundary } })
  expect(problem?.problem).toContain('is not there')
  expect(problem?.todo).toContain(
    'npx -y pnpm@12 ticketing policy boundary --prefix acme --account 000000000000 --region us-east-1 > boundary.json; ' +
      'aws iam create-policy --policy-name acme-Boundary --policy-document file://boundary.json',
  )
  const PolicyDocument = JSON.stringify(boundaryPolicy(SCOPE))
  await account.root.iam.send(new CreatePolicyCommand({ PolicyName: boundary, PolicyDocument }))
  expect(await problemsOf(operator)).toEqual([])
})

test('a boundary that was widened is said by an operator, and put right by an administrator', async () => {
  await using account = await openAccount()
  await applyAll(account.root)
  const operator = await account.clientsFor(operatorPolicy(SCOPE))
  const wide = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
  for (let version = 2; version <= 5; version += 1)
    await account.root.iam.send(
      new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: JSON.stringify(wide), SetAsDefault: true }),
    )
  expect(await problemsOf(operator)).toMatchObject([
    { code: 'needs-administrator', todo: expect.stringContaining(`create-policy-version --policy-arn ${PolicyArn}`) },
  ])
  await applyAll(account.root)
  expect(await problemsOf(operator)).toEqual([])
})

test('whom a role trusts is put back by an administrator only, and the operator learns how', async () => {
  await using account = await openAccount()
  const { root } = account
  await applyAll(root)
  const trustOf = async (): Promise<string> => {
    const { Role } = await root.iam.send(new GetRoleCommand({ RoleName }))
    return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')
  }
  const before = await trustOf()
  const everybody = { Effect: 'Allow', Principal: { AWS: SCOPE.accountId }, Action: 'sts:AssumeRole' }
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [everybody] })
  await root.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }))

  const operator = await account.clientsFor(operatorPolicy(SCOPE))
  const [problem] = await problemsOf(operator)
  expect(problem).toMatchObject({ code: 'needs-administrator', resource: { kind: 'role', name: RoleName } })
  const [, json] = /--policy-document '(.*)'$/.exec(problem?.todo ?? '') ?? []
  expect(json).toBe(before)
  await root.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: json }))
  expect(await problemsOf(operator)).toEqual([])
})
