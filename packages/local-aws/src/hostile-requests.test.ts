import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { createCloud } from './cloud.ts'
import type { Cloud } from './http.ts'
import { createInlineExecutor } from './executors/inline.ts'
import { createIamService } from './services/iam/create-iam-service.ts'
import { createLambdaService } from './services/lambda/create-lambda-service.ts'
import { createS3Service } from './services/s3/create-s3-service.ts'
import { createSecretsManagerService } from './services/secrets-manager/create-secrets-manager-service.ts'
import { createSqsService } from './services/sqs/create-sqs-service.ts'
import { createStsService } from './services/sts/create-sts-service.ts'
import { openStore } from './store.ts'
import { callForm, callJson, callRaw, type RawAnswer } from './testing/call-raw.ts'
import { createManualClock } from './testing/manual-clock.ts'
import { loadApi } from './wire/apis.ts'
import type { OperationShape } from './wire/api.ts'
import type { Shape, StructureShape } from './wire/shape.ts'

interface TestCloud {
  readonly cloud: Cloud
  /** Exceptions of services that are not errors of AWS. */
  readonly defects: string[]
  /** The response, after advancing the clock by a long poll's time. */
  readonly settle: (answer: Promise<RawAnswer>) => Promise<RawAnswer>
}

function noQueue(): never {
  throw new Error('no mapping runs here')
}

/** Every service, with a resource in each. */
async function startCloud(): Promise<TestCloud> {
  const clock = createManualClock(1_795_514_400_000)
  const store = openStore(':memory:')
  const defects: string[] = []
  const executor = createInlineExecutor({ clock, functions: {} })
  const shared = { store, clock }
  const cloud = createCloud({
    clock,
    services: [
      createSqsService(shared),
      createS3Service(shared),
      createSecretsManagerService(shared),
      createIamService(shared),
      createStsService(shared),
      createLambdaService({ ...shared, executor, openQueue: noQueue }).service,
    ],
    observe: (event) => {
      if (event.source === 'cloud' && event.error?.startsWith('InternalFailure') === true)
        defects.push(`${event.service}.${event.operation}: ${event.error}`)
    },
  })
  await callJson(cloud, { target: 'AmazonSQS.CreateQueue', input: { QueueName: 'queue' } })
  await callRaw(cloud, { method: 'PUT', target: '/bucket' })
  await callRaw(cloud, { method: 'PUT', target: '/bucket/key', body: 'object' })
  await callJson(cloud, { target: 'secretsmanager.CreateSecret', input: { Name: 'secret', SecretString: 'x' } })
  return {
    cloud,
    defects,
    async settle(answer) {
      const open = new Set([answer])
      void answer.finally(() => open.clear())
      while (open.size > 0) await clock.advance(20_000)
      return answer
    },
  }
}

const QUEUE_URL = 'http://cloud.test:4566/000000000000/queue'
const texts = fc.oneof(
  fc.constantFrom('queue', QUEUE_URL, 'secret', 'bucket', 'key', '', '\u0000', '../..', 'a'.repeat(5000), 'arn:aws:sqs:::', '{"a":', '{}', '{"Version":"2012-10-17","Statement":[{}]}', 'All', '__proto__', 'constructor'), // prettier-ignore
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), texts, fc.constantFrom(-1, 0.5, 1e300, 2 ** 53))

const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
/** Values that pass the first checks of a request. */
const KNOWN: Readonly<Record<string, unknown>> = {
  QueueUrl: QUEUE_URL,
  QueueName: 'queue',
  SecretId: 'secret',
  Id: 'a',
  MessageBody: 'body',
  DataType: 'String',
  StringValue: 'text',
  ClientRequestToken: 'a'.repeat(32),
  SecretString: 'x',
  RoleName: 'role',
  RoleArn: 'arn:aws:iam::000000000000:role/role',
  RoleSessionName: 'session',
  PolicyName: 'policy',
  PolicyDocument: POLICY,
  AssumeRolePolicyDocument: POLICY,
  UserName: 'user',
  SourceArn: 'arn:aws:sqs:us-east-1:000000000000:queue',
}

/** Values that roughly fit the schema, down to `depth`. */
function drawValue(shape: Shape, depth = 4): fc.Arbitrary<unknown> {
  if (depth === 0) return anything
  const fitting = (): fc.Arbitrary<unknown> => {
    switch (shape.kind) {
      case 'structure':
        return drawMembers(shape, depth)
      case 'list':
        return fc.array(drawValue(shape.item.shape, depth - 1), { maxLength: 3 })
      case 'map':
        return fc.dictionary(texts, drawValue(shape.value.shape, depth - 1), { maxKeys: 3 })
      case 'number':
        return fc.integer({ min: 0, max: 12 })
      case 'boolean':
        return fc.boolean()
      default:
        return texts
    }
  }
  return fc.oneof({ weight: 19, arbitrary: fitting() }, { weight: 1, arbitrary: anything })
}

function drawMembers({ members }: StructureShape, depth: number): fc.Arbitrary<unknown> {
  const draw = ({ name, shape }: StructureShape['members'][number]): fc.Arbitrary<unknown> => {
    const drawn = drawValue(shape, depth - 1)
    return name in KNOWN
      ? fc.oneof({ weight: 9, arbitrary: fc.constant(KNOWN[name]) }, { weight: 1, arbitrary: drawn })
      : drawn
  }
  const requiredKeys = members.filter(({ required }) => required).map(({ name }) => name)
  return fc.record(Object.fromEntries(members.map((member) => [member.name, draw(member)])), { requiredKeys })
}

/** The fields of a form, with lists and maps of the query protocol, numbered correctly or not. */
function drawForm({ name, input }: OperationShape): fc.Arbitrary<Record<string, string>> {
  const suffix = fc.constantFrom(
    '',
    '',
    '',
    '.member.1',
    '.1',
    '.1.Name',
    '.entry.1.key',
    '.member.-1',
    '.',
    '.member.99999999',
  )
  const field = (member: string): fc.Arbitrary<[string, string]> => {
    const known = KNOWN[member]
    const value = typeof known === 'string' ? fc.oneof({ weight: 4, arbitrary: fc.constant(known) }, texts) : texts
    return fc.tuple(
      suffix.map((end) => member + (typeof known === 'string' ? '' : end)),
      value,
    )
  }
  const fields = input.members.map(({ name, required }) =>
    required ? field(name) : fc.option(field(name), { nil: undefined, freq: 3 }),
  )
  return fc
    .tuple(...fields)
    .map((drawn) => Object.fromEntries([['Action', name], ...drawn.filter((each) => each !== undefined)]))
}

describe('every request gets a response of AWS', () => {
  test.each([
    ['sqs', 'AmazonSQS'],
    ['secretsmanager', 'secretsmanager'],
  ] as const)('to %s as JSON', async (service, target) => {
    const { cloud, defects, settle } = await startCloud()
    const operations = [...(await loadApi(service)).operations.values()]
    const call = fc
      .constantFrom(...operations)
      .chain((operation) => fc.tuple(fc.constant(operation.name), drawValue(operation.input)))
    await fc.assert(
      fc.asyncProperty(call, async ([name, input]) => {
        const { status } = await settle(callJson(cloud, { target: `${target}.${name}`, input }))
        expect(defects).toEqual([])
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 500 },
    )
  })

  test.each(['iam', 'sts', 'sqs'] as const)('to %s as a form', async (service) => {
    const { cloud, defects, settle } = await startCloud()
    const { operations, version } = await loadApi(service)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...operations.values()).chain(drawForm), async (form) => {
        const { status } = await settle(callForm(cloud, { ...form, Version: version }))
        expect(defects).toEqual([])
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 300 },
    )
  })

  const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD')
  const query = fc.dictionary(fc.constantFrom('uploads', 'uploadId', 'partNumber', 'list-type', 'prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after', 'encoding-type', 'tagging', 'policy', 'lifecycle', 'encryption', 'versioning', 'publicAccessBlock', 'delete', 'acl', 'location', 'X-Amz-Signature'), texts, { maxKeys: 3 }) // prettier-ignore
  const headers = fc.dictionary(fc.constantFrom('range', 'if-match', 'if-none-match', 'if-modified-since', 'x-amz-copy-source', 'x-amz-content-sha256', 'content-encoding', 'content-md5', 'x-amz-checksum-sha256', 'x-amz-decoded-content-length', 'x-amz-tagging', 'x-amz-acl', 'content-type', 'authorization', 'x-amz-trailer', 'host'), fc.oneof(texts, fc.constantFrom('bytes=5-1', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'aws-chunked', '/bucket/key', '*')), { maxKeys: 4 }) // prettier-ignore
  const scraps = ['<Delete>', '</Delete>', '<Object><Key>k</Key></Object>', '<Tagging><TagSet>', '<![CDATA[', '<!DOCTYPE a [<!ENTITY b "c">]>', '&b;', '&constructor;', '&#x110000;', '<a b=">', '<?xml', '\u0000', '5\r\nhello\r\n0\r\n\r\n', '<CompleteMultipartUpload><Part><PartNumber>x</PartNumber></Part>'] // prettier-ignore
  const body = fc.array(fc.oneof(fc.constantFrom(...scraps), texts), { maxLength: 6 }).map((parts) => parts.join(''))

  test.each([
    ['S3', ['/', '/bucket', '/bucket/key', '/bucket/%', '/%00/%ff', '/bucket/../x', '//', '/other']],
    ['Lambda', ['/2015-03-31/functions', '/2015-03-31/functions/f/invocations', '/2015-03-31/event-source-mappings', '/2021-10-31/functions/f/url', '/2015-03-31/functions/%/x', '/2099-01-01/x']], // prettier-ignore
  ])('to %s as anything', async (_service, paths) => {
    const { cloud, defects, settle } = await startCloud()
    await fc.assert(
      fc.asyncProperty(
        fc.record({ method, path: fc.constantFrom(...paths), query, headers, body }),
        async ({ path, query: asked, ...call }) => {
          const target = `${path}?${new URLSearchParams(asked).toString()}`
          const { status } = await settle(callRaw(cloud, { ...call, target }))
          expect(defects).toEqual([])
          expect(status === 501 ? 'not offered' : status).toSatisfy((each) => each === 'not offered' || each < 500)
        },
      ),
      { numRuns: 400 },
    )
  })

  test.each([
    ['elements in elements', '<a>'.repeat(80_000)],
    ['elements that are closed again', `${'<a>'.repeat(30_000)}${'</a>'.repeat(30_000)}`],
    ['one endless name', `<${'a'.repeat(250_000)}`],
    ['attributes without a value', `<Delete ${'a'.repeat(250_000)}>`],
    ['attributes, many', `<Delete ${'a="b" '.repeat(40_000)}></Delete>`],
    ['comments that never end', '<!-- '.repeat(50_000)],
    ['references', '&amp'.repeat(60_000)],
  ])('as 250 KB of XML: %s', async (_what, body) => {
    const { cloud, defects, settle } = await startCloud()
    for (const target of ['/bucket?delete', '/bucket?tagging', '/bucket?lifecycle']) {
      const method = target.endsWith('delete') ? 'POST' : 'PUT'
      const { status } = await settle(callRaw(cloud, { method, target, body }))
      expect(defects).toEqual([])
      expect(status).toBeLessThan(500)
    }
  })

  test('as a form of 20,000 fields', async () => {
    const { cloud, defects, settle } = await startCloud()
    const fields = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`Attribute.${n}.Name`, 'x']))
    const { status } = await settle(callForm(cloud, { ...fields, Action: 'CreateQueue', QueueName: 'q' }))
    expect([defects, status]).toEqual([[], 200])
  })
})
