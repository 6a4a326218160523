import {
  AddPermissionCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'
import { failureOf } from '../testing/start-account.ts'
import { startGuardedAccount, type GuardedAccount } from '../testing/start-guarded-account.ts'
import { zipOf } from '../testing/start-lambda.ts'

const FunctionName = 'f'
const WORKER = 'arn:aws:iam::000000000000:role/worker'
const trust = {
  Effect: 'Allow',
  Principal: { AWS: '000000000000', Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
}
const mayBoth = { Effect: 'Allow', Action: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'], Resource: '*' }

/** A function, and a session with these permissions. */
async function prepare(statements: readonly object[]): Promise<GuardedAccount & { worker: LambdaClient }> {
  const account = startGuardedAccount()
  const { lambda: worker } = await account.as(statements, { trust })
  await account.root.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: WORKER,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf('export const handler = () => null') },
    }),
  )
  return { ...account, worker }
}

/** Status of a request to the function's URL, signed by the client if there is one. */
async function callUrl({ cloud }: GuardedAccount, url: string, client?: LambdaClient): Promise<number> {
  const keys = await client?.config.credentials()
  const headers = keys && {
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/20261124/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0`,
    ...(keys.sessionToken !== undefined && { 'x-amz-security-token': keys.sessionToken }),
  }
  const answer = await cloud({
    method: 'GET',
    target: new URL(url).pathname,
    headers: { ...headers },
    body: new Uint8Array(),
  })
  return answer.status
}

async function makeUrl({ root }: GuardedAccount, AuthType: 'NONE' | 'AWS_IAM'): Promise<string> {
  const made = await root.lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType }))
  return made.FunctionUrl ?? ''
}

async function permit({ root }: GuardedAccount, Principal: string, authType: 'NONE' | 'AWS_IAM'): Promise<void> {
  for (const only of [
    { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: authType, StatementId: `url-${authType}` },
    { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true, StatementId: `run-${authType}` },
  ] as const)
    await root.lambda.send(new AddPermissionCommand({ FunctionName, Principal, ...only }))
}

test('a role that a function’s policy names may call it, without an identity policy', async () => {
  const account = await prepare([])
  const call = (): Promise<unknown> => account.worker.send(new InvokeCommand({ FunctionName }))
  expect(await failureOf(call())).toMatchObject({ name: 'AccessDeniedException', status: 403 })
  await permit(account, WORKER, 'AWS_IAM')
  expect(await failureOf(call()), 'only by its URL').toMatchObject({ name: 'AccessDeniedException' })
  const permission = { FunctionName, StatementId: 'call', Action: 'lambda:InvokeFunction', Principal: WORKER }
  await account.root.lambda.send(new AddPermissionCommand(permission))
  expect(await call()).toMatchObject({ StatusCode: 200 })
})

test('a URL with IAM authentication allows callers that a policy allows', async () => {
  const account = await prepare([])
  const url = await makeUrl(account, 'AWS_IAM')
  expect(await callUrl(account, url)).toBe(403)
  expect(await callUrl(account, url, account.worker)).toBe(403)
  expect(await callUrl(account, url, account.root.lambda)).toBe(200)
  await permit(account, WORKER, 'NONE')
  expect(await callUrl(account, url, account.worker), 'with the permission for another kind of URL').toBe(403)
  await permit(account, WORKER, 'AWS_IAM')
  expect(await callUrl(account, url, account.worker)).toBe(200)
  expect(await callUrl(account, url)).toBe(403)
})

test("a URL that asks for a signature goes by the signer's own policy too", async () => {
  const account = await prepare([mayBoth])
  expect(await callUrl(account, await makeUrl(account, 'AWS_IAM'), account.worker)).toBe(200)
})

test('a URL without authentication allows everyone if the function’s policy does, for that type of URL', async () => {
  const account = await prepare([mayBoth])
  const url = await makeUrl(account, 'NONE')
  await permit(account, '*', 'AWS_IAM')
  expect(await callUrl(account, url)).toBe(403)
  expect(await callUrl(account, url, account.worker), 'no one is looked at').toBe(403)
  await permit(account, '*', 'NONE')
  expect(await callUrl(account, url)).toBe(200)
})
