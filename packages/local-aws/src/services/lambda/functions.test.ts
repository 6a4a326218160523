import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListFunctionUrlConfigsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionUrlConfigCommand,
  waitUntilFunctionActiveV2,
  type CreateFunctionCommandInput,
  type InvokeCommandOutput,
  type LambdaClient,
} from '@aws-sdk/client-lambda'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../../clock.ts'
import { createInlineExecutor } from '../../executors/inline.ts'
import type { InlineHandler } from '../../executors/inline-environment.ts'
import { systemClock } from '../../system-clock.ts'
import { createVirtualClock } from '../../virtual-clock.ts'
import { failureOf } from '../../testing/start-account.ts'
import { ROLE, startLambda, zipOf, type TestLambda } from '../../testing/start-lambda.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:worker'
const zip = zipOf('export const handler = async (event) => event')
const sha = createHash('sha256').update(zip).digest('base64')

const obedient: InlineHandler = async (event) => {
  if (event === 'throw') throw new TypeError('no')
  if (event === 'hang') await new Promise(() => undefined)
  return { event }
}

function mapValues(handlers: Record<string, InlineHandler>): Record<string, () => InlineHandler> {
  return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, () => handler]))
}

function startInline(handlers: Record<string, InlineHandler> = {}, clock: Clock = systemClock): Promise<TestLambda> {
  const functions = mapValues(handlers)
  return startLambda({ clock, makeExecutor: (access) => createInlineExecutor({ clock, functions, ...access }) })
}

function create(lambda: LambdaClient, more: Partial<CreateFunctionCommandInput> = {}) {
  return lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Runtime: 'nodejs24.x',
      Role: ROLE,
      Handler: 'index.handler',
      Code: { ZipFile: zip },
      ...more,
    }),
  )
}

function read(answer: InvokeCommandOutput): unknown {
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString())
}

describe('a function', () => {
  test('is created active, found, listed and deleted', async () => {
    const bed = await startInline()
    const made = await create(bed.lambda, {
      Timeout: 30,
      MemorySize: 256,
      Architectures: ['arm64'],
      Environment: { Variables: { COLOUR: 'blue' } },
      Tags: { app: 'test' },
    })
    expect(made).toMatchObject({
      FunctionName: 'worker',
      FunctionArn: ARN,
      CodeSha256: sha,
      CodeSize: zip.byteLength,
      Timeout: 30,
      MemorySize: 256,
      Architectures: ['arm64'],
      Environment: { Variables: { COLOUR: 'blue' } },
      Version: '$LATEST',
      PackageType: 'Zip',
    })
    await waitUntilFunctionActiveV2({ client: bed.lambda, maxWaitTime: 5 }, { FunctionName: 'worker' })
    const found = await bed.lambda.send(new GetFunctionCommand({ FunctionName: ARN }))
    expect(found.Tags).toEqual({ app: 'test' })
    const target = new URL(found.Code?.Location ?? '').pathname
    const fetched = await bed.cloud({ method: 'GET', target, headers: {}, body: new Uint8Array() })
    expect(Buffer.from(fetched.body)).toEqual(Buffer.from(zip))
    const listed = await bed.lambda.send(new ListFunctionsCommand({}))
    expect(listed.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['worker'])
    await bed.lambda.send(new DeleteFunctionCommand({ FunctionName: 'worker' }))
    expect(await failureOf(bed.lambda.send(new GetFunctionCommand({ FunctionName: 'worker' })))).toEqual({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${ARN}`,
      status: 404,
    })
  })

  test.each<[string, Partial<CreateFunctionCommandInput>, RegExp]>([
    [
      'a role that is not an ARN',
      { Role: 'r1' },
      /^ValidationException: 1 validation error detected: Value 'r1' at 'role' failed/u,
    ],
    [
      'an unknown runtime',
      JSON.parse('{"Runtime":"nodejs1.x"}'),
      /^InvalidParameterValueException: Value nodejs1\.x at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[/u,
    ],
    [
      'a retired runtime',
      { Runtime: 'nodejs14.x' },
      /^InvalidParameterValueException: The runtime parameter of nodejs14\.x is no longer supported/u,
    ],
    [
      'a runtime that only AWS has',
      { Runtime: 'python3.13' },
      /^InvalidParameterValueException: The runtime python3\.13 .* is not offered by this embedded cloud/u,
    ],
    [
      'a time-out above 15 minutes',
      { Timeout: 901 },
      /^ValidationException: .*'timeout' .* less than or equal to 900$/u,
    ],
    [
      'too little memory',
      { MemorySize: 127 },
      /^ValidationException: .*'memorySize' .* greater than or equal to 128$/u,
    ],
    [
      'no zip',
      { Code: { ZipFile: Buffer.from('no zip') } },
      /^InvalidParameterValueException: Could not unzip uploaded file/u,
    ],
    [
      'a zip that leaves its folder',
      { Code: { ZipFile: zipOf('', '../../escaped.mjs') } },
      /^InvalidParameterValueException: Could not unzip uploaded file/u,
    ],
    [
      'a reserved variable',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      /^InvalidParameterValueException: .*Reserved keys used in this request: AWS_REGION$/u,
    ],
    [
      'more than 4 KB of variables',
      { Environment: { Variables: { BIG: 'x'.repeat(4096) } } },
      /^InvalidParameterValueException: .*exceeded the 4KB limit\. String measured: \{"BIG":"x/u,
    ],
    [
      'layers, which are not offered',
      { Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:l:1'] },
      /^InvalidParameterValueException: Layers is not offered/u,
    ],
  ])('is rejected for %s', async (_what, more, message) => {
    const bed = await startInline()
    const failure = await failureOf(create(bed.lambda, more))
    expect(failure.status).toBe(400)
    expect(`${failure.name}: ${failure.message}`).toMatch(message)
    expect((await bed.lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([])
  })

  test('cannot be created twice', async () => {
    const bed = await startInline()
    await create(bed.lambda)
    expect(await failureOf(create(bed.lambda))).toEqual({
      name: 'ResourceConflictException',
      message: 'Function already exist: worker',
      status: 409,
    })
  })

  test('is changed only with its last revision id, and not by a dry run', async () => {
    const bed = await startInline()
    const { RevisionId } = await create(bed.lambda)
    const other = zipOf('export const handler = async () => 2')
    const dry = await bed.lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'worker', ZipFile: other, DryRun: true }),
    )
    expect(dry.CodeSha256).not.toBe(sha)
    const kept = await bed.lambda.send(new GetFunctionCommand({ FunctionName: 'worker' }))
    expect(kept.Configuration).toMatchObject({ CodeSha256: sha, RevisionId })
    await bed.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'worker', Timeout: 9, RevisionId }))
    const late = new UpdateFunctionCodeCommand({ FunctionName: 'worker', ZipFile: other, RevisionId })
    expect(await failureOf(bed.lambda.send(late))).toMatchObject({ name: 'PreconditionFailedException', status: 412 })
  })

  test('has published versions that aliases point to', async () => {
    const bed = await startInline()
    await create(bed.lambda)
    const version = await bed.lambda.send(new PublishVersionCommand({ FunctionName: 'worker' }))
    expect(version).toMatchObject({ Version: '1', FunctionArn: `${ARN}:1` })
    expect((await bed.lambda.send(new PublishVersionCommand({ FunctionName: 'worker' }))).Version).toBe('1')
    await bed.lambda.send(new CreateAliasCommand({ FunctionName: 'worker', Name: 'live', FunctionVersion: '1' }))
    await bed.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'worker', Timeout: 9 }))
    const live = await bed.lambda.send(new GetFunctionCommand({ FunctionName: 'worker:live' }))
    expect(live.Configuration).toMatchObject({ Version: '1', Timeout: 3 })
    const missing = bed.lambda.send(new GetFunctionCommand({ FunctionName: 'worker', Qualifier: '7' }))
    expect((await failureOf(missing)).message).toBe(`Function not found: ${ARN}:7`)
  })

  test('keeps its tags and its policy', async () => {
    const bed = await startInline()
    await create(bed.lambda, { Tags: { a: '1' } })
    expect((await bed.lambda.send(new ListTagsCommand({ Resource: ARN }))).Tags).toEqual({ a: '1' })
    const permission = {
      FunctionName: 'worker',
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 'sqs.amazonaws.com',
    }
    await bed.lambda.send(new AddPermissionCommand(permission))
    const { Policy = '' } = await bed.lambda.send(new GetPolicyCommand({ FunctionName: 'worker' }))
    expect(JSON.parse(Policy)).toEqual({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        {
          Sid: 's',
          Effect: 'Allow',
          Principal: { Service: 'sqs.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: ARN,
        },
      ],
    })
    expect(await failureOf(bed.lambda.send(new AddPermissionCommand(permission)))).toMatchObject({
      name: 'ResourceConflictException',
      status: 409,
    })
  })
})

describe('an invocation', () => {
  test('runs the zip in a process, with the tail of its log on request', async () => {
    const bed = await startLambda()
    const source = `export const handler = async (event) => { console.log('seen', event.n); if (event.n > 1) throw new TypeError('too many'); return event.n }`
    await create(bed.lambda, { Code: { ZipFile: zipOf(source) } })
    const good = await bed.lambda.send(
      new InvokeCommand({ FunctionName: 'worker', Payload: '{"n":1}', LogType: 'Tail' }),
    )
    expect(good).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
    expect(good.FunctionError).toBeUndefined()
    expect(read(good)).toBe(1)
    expect(Buffer.from(good.LogResult ?? '', 'base64').toString()).toMatch(
      /^START RequestId: .*\n.*INFO\tseen 1\nEND .*\nREPORT .*\n$/u,
    )
    const bad = await bed.lambda.send(new InvokeCommand({ FunctionName: 'worker', Payload: '{"n":2}' }))
    expect(bad).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' })
    expect(read(bad)).toMatchObject({ errorType: 'TypeError', errorMessage: 'too many' })
    await bed.seen((event) => event.kind === 'function-log' && event.line.endsWith('INFO\tseen 1'))
  })

  test('has the same results inline, also for a time-out', async () => {
    const clock = createVirtualClock(1_795_514_400_000)
    const bed = await startInline({ worker: obedient }, clock)
    await create(bed.lambda, { Timeout: 30 })
    const invoke = async (Payload: string) =>
      read(await bed.lambda.send(new InvokeCommand({ FunctionName: 'worker', Payload })))
    expect(await invoke('"hello"')).toEqual({ event: 'hello' })
    expect(await invoke('"throw"')).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' })
    const hanging = invoke('"hang"')
    await clock.advance('29s')
    expect(bed.events.at(-1)).not.toMatchObject({ kind: 'invocation-ended' })
    await clock.advance('1s')
    expect(await hanging).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 30\.00 seconds$/u),
    })
  })

  test('of an event that fails is retried after one and after two minutes, then dropped', async () => {
    const start = 1_795_514_400_000
    const clock = createVirtualClock(start)
    const runs: number[] = []
    const worker: InlineHandler = async () => {
      runs.push(clock.now() - start)
      throw new Error('no')
    }
    const bed = await startInline({ worker }, clock)
    await create(bed.lambda)
    await bed.lambda.send(new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event' }))
    await clock.advance('1h')
    expect(runs).toEqual([0, 60_000, 180_000])
  })

  test('may be asynchronous: accepted at once, stored until it has run', async () => {
    const arrived = Promise.withResolvers<unknown>()
    const bed = await startInline({ worker: async (event) => arrived.resolve(event) })
    await create(bed.lambda)
    const accepted = new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event', Payload: '{"n":1}' })
    expect((await bed.lambda.send(accepted)).StatusCode).toBe(202)
    expect(await arrived.promise).toEqual({ n: 1 })
    const dry = new InvokeCommand({ FunctionName: 'worker', InvocationType: 'DryRun' })
    expect((await bed.lambda.send(dry)).StatusCode).toBe(204)
  })

  test.each([
    ['a payload that is not JSON', '{not json', { name: 'InvalidRequestContentException', status: 400 }],
    ['a payload above 6 MB', `"${'x'.repeat(6_291_456)}"`, { name: 'RequestTooLargeException', status: 413 }],
  ])('is rejected for %s', async (_what, Payload, failure) => {
    const bed = await startInline({ worker: async () => null })
    await create(bed.lambda)
    const refused = bed.lambda.send(new InvokeCommand({ FunctionName: 'worker', Payload }))
    expect(await failureOf(refused)).toMatchObject(failure)
  })

  test('above the reserved concurrency is throttled', async () => {
    const running = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const bed = await startInline({
      worker: async () => {
        running.resolve()
        await release.promise
      },
    })
    await create(bed.lambda)
    await bed.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'worker', ReservedConcurrentExecutions: 1 }),
    )
    const first = bed.lambda.send(new InvokeCommand({ FunctionName: 'worker' }))
    await running.promise
    const second = await failureOf(bed.lambda.send(new InvokeCommand({ FunctionName: 'worker' })))
    expect(second).toEqual({ name: 'TooManyRequestsException', message: 'Rate Exceeded.', status: 429 })
    release.resolve()
    expect((await first).StatusCode).toBe(200)
  })

  test('of an operation that is not implemented is AWS\u2019s own error', async () => {
    const bed = await startInline()
    const call = bed.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'worker' }))
    expect(await failureOf(call)).toMatchObject({ status: 404 })
  })
})

describe('a function URL', () => {
  test('calls the function with the request, if its policy allows every principal', async () => {
    const bed = await startInline({
      worker: async (event) => ({ statusCode: 201, headers: { 'X-Seen': 'yes' }, body: JSON.stringify(event) }),
    })
    await create(bed.lambda)
    const made = await bed.lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'worker', AuthType: 'NONE' }))
    const { pathname } = new URL(made.FunctionUrl ?? '')
    const request = {
      method: 'POST',
      target: `${pathname}hook/a?x=1&x=2`,
      headers: { 'content-type': 'application/octet-stream', cookie: 'a=1; b=2' },
      body: new Uint8Array([0, 255]),
    }
    expect((await bed.cloud(request)).status).toBe(403)
    const permission = { FunctionName: 'worker', Principal: '*' }
    await bed.lambda.send(
      new AddPermissionCommand({
        ...permission,
        StatementId: 'url',
        Action: 'lambda:InvokeFunctionUrl',
        FunctionUrlAuthType: 'NONE',
      }),
    )
    expect((await bed.cloud(request)).status).toBe(403)
    await bed.lambda.send(
      new AddPermissionCommand({
        ...permission,
        StatementId: 'run',
        Action: 'lambda:InvokeFunction',
        InvokedViaFunctionUrl: true,
      }),
    )
    const answer = await bed.cloud(request)
    expect(answer.status).toBe(201)
    expect(answer.headers['x-seen']).toBe('yes')
    expect(JSON.parse(Buffer.from(answer.body).toString())).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/hook/a',
      rawQueryString: 'x=1&x=2',
      queryStringParameters: { x: '1,2' },
      cookies: ['a=1', 'b=2'],
      body: 'AP8=',
      isBase64Encoded: true,
      requestContext: { accountId: 'anonymous', http: { method: 'POST', path: '/hook/a', protocol: 'HTTP/1.1' } },
    })
  })

  test('its authentication can be changed: the address stays', async () => {
    const bed = await startInline()
    await create(bed.lambda)
    const named = { FunctionName: 'worker' }
    const made = await bed.lambda.send(new CreateFunctionUrlConfigCommand({ ...named, AuthType: 'NONE' }))
    const changed = await bed.lambda.send(new UpdateFunctionUrlConfigCommand({ ...named, AuthType: 'AWS_IAM' }))
    expect(changed).toMatchObject({ FunctionUrl: made.FunctionUrl, AuthType: 'AWS_IAM' })
    expect(await bed.lambda.send(new ListFunctionUrlConfigsCommand(named))).toMatchObject({
      FunctionUrlConfigs: [{ FunctionUrl: made.FunctionUrl, AuthType: 'AWS_IAM' }],
    })
  })
})
