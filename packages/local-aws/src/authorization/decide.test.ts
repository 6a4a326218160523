import { expect, test } from 'vitest'
import { type Denial, decide } from './decide.ts'
import { readPolicy } from './read-policy.ts'
import type { Principal } from './match-principal.ts'
import type { Statement } from './statement.ts'

const ROLE = 'arn:aws:iam::000000000000:role/worker'
const SESSION = 'arn:aws:sts::000000000000:assumed-role/worker/me'
const worker: Principal = { accountId: '000000000000', arn: SESSION, roleArn: ROLE }
const root: Principal = { accountId: '000000000000', arn: 'arn:aws:iam::000000000000:root' }
const request = {
  action: 'sqs:SendMessage',
  resource: 'arn:aws:sqs:us-east-1:000000000000:q',
  valuesOf: () => undefined,
}

function read(...statements: readonly object[]): readonly Statement[] {
  const policy = readPolicy(JSON.stringify({ Statement: statements }))
  if (!policy.ok) throw new Error(policy.problem)
  return policy.statements
}

const allow = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }
const deny = { ...allow, Effect: 'Deny' }
const other = { ...allow, Action: 'sqs:ReceiveMessage' }
const to = (Principal: unknown, statement: object = allow) => ({ ...statement, Principal })

function denial(
  parts: { identity?: object[]; boundary?: object[]; session?: object[]; resource?: object[]; trust?: true },
  principal: Principal = worker,
): Denial | undefined {
  const { identity, boundary, session, resource = [], trust } = parts
  return decide(
    {
      identity: principal === worker ? read(...(identity ?? [])) : undefined,
      boundary: boundary && read(...boundary),
      session: session && read(...session),
      resource: read(...resource),
      resourceMustAllow: trust === true,
    },
    request,
    principal,
  )
}

const implicit = (kind: Denial['kind']): Denial => ({ explicit: false, kind })
const explicit = (kind: Denial['kind']): Denial => ({ explicit: true, kind })

test.each<readonly [string, Parameters<typeof denial>[0], Denial | undefined]>([
  ['nothing allows it', {}, implicit('identity-based policy')],
  ['something else is allowed', { identity: [other] }, implicit('identity-based policy')],
  ['the role allows it', { identity: [allow] }, undefined],
  ['the role denies it as well', { identity: [allow, deny] }, explicit('identity-based policy')],
  ['in other letters', { identity: [{ ...allow, Action: 'SQS:sendmessage' }] }, undefined],
  ['by wildcards', { identity: [{ ...allow, Action: 'sqs:Send*', Resource: 'arn:aws:sqs:*:*:?' }] }, undefined],
  [
    'another resource',
    { identity: [{ ...allow, Resource: 'arn:aws:sqs:*:*:other' }] },
    implicit('identity-based policy'),
  ],
  ['all actions but others', { identity: [{ Effect: 'Allow', NotAction: 'sqs:Delete*', Resource: '*' }] }, undefined],
  [
    'all actions but this',
    { identity: [{ Effect: 'Allow', NotAction: 'sqs:Send*', Resource: '*' }] },
    implicit('identity-based policy'),
  ],
  [
    'all resources but this',
    { identity: [{ ...other, Action: '*', Resource: undefined, NotResource: request.resource }] },
    implicit('identity-based policy'),
  ],
  ['the queue allows everybody', { resource: [to('*')] }, undefined],
  ['the queue allows the role', { resource: [to({ AWS: ROLE })] }, undefined],
  ['the queue allows the account only', { resource: [to({ AWS: '000000000000' })] }, implicit('identity-based policy')],
  [
    'the queue allows a service',
    { resource: [to({ Service: 'sns.amazonaws.com' })] },
    implicit('identity-based policy'),
  ],
  ['the queue allows another role', { resource: [to({ AWS: `${ROLE}s` })] }, implicit('identity-based policy')],
  ['the queue denies everybody', { identity: [allow], resource: [to('*', deny)] }, explicit('resource-based policy')],
  ['the queue denies another role', { identity: [allow], resource: [to({ AWS: `${ROLE}s` }, deny)] }, undefined],
  [
    'the queue denies all but the role',
    { identity: [allow], resource: [{ ...deny, NotPrincipal: { AWS: [ROLE, SESSION] } }] },
    undefined,
  ],
  [
    'the queue denies all but another',
    { identity: [allow], resource: [{ ...deny, NotPrincipal: { AWS: `${ROLE}s` } }] },
    explicit('resource-based policy'),
  ],
  ['outside the boundary', { identity: [allow], boundary: [other] }, implicit('permissions boundary')],
  ['a boundary alone allows nothing', { boundary: [allow] }, implicit('identity-based policy')],
  ['outside the session', { identity: [allow], session: [other] }, implicit('session policy')],
  ['the session denies it', { identity: [allow], session: [allow, deny] }, explicit('session policy')],
  ['within boundary and session', { identity: [allow], boundary: [allow], session: [allow] }, undefined],
  [
    'the queue allows the role, outside its session',
    { session: [other], resource: [to({ AWS: ROLE })] },
    implicit('session policy'),
  ],
  ['the queue allows the session itself', { session: [other], resource: [to({ AWS: SESSION })] }, undefined],
  ['the trust does not allow it', { identity: [allow], trust: true }, implicit('resource-based policy')],
  [
    'the trust allows the account',
    { identity: [allow], resource: [to({ AWS: '000000000000' })], trust: true },
    undefined,
  ],
])('%s', (_name, parts, expected) => {
  expect(denial(parts)).toEqual(expected)
})

test('the root of the account may do everything that no resource policy denies', () => {
  expect(denial({}, root)).toBeUndefined()
  expect(denial({ resource: [to('*', deny)] }, root)).toEqual(explicit('resource-based policy'))
  expect(denial({ resource: [to({ AWS: ROLE }, deny)] }, root)).toBeUndefined()
  expect(denial({ trust: true }, root)).toEqual(implicit('resource-based policy'))
})
