import { createHash } from 'node:crypto'
import { type AwsAnswer, type AwsCall, HANG, networkError, s3Error } from './fake-aws.ts'

/** The fault of one call: none, an answer instead of the effect, or a loss of the answer after the effect. */
export type Fate = 'works' | 'hangs' | 'effect then reset' | 'effect then 500' | 'effect then hangs' | AwsAnswer | Error

/** A bucket in memory with S3's conditional writes; `fate` may break any call. */
export function createFakeS3(fate: (call: AwsCall, count: number) => Fate = () => 'works'): {
  readonly objects: Map<string, string>
  readonly calls: AwsCall[]
  readonly answer: (call: AwsCall) => AwsAnswer | typeof HANG
} {
  const objects = new Map<string, string>()
  const calls: AwsCall[] = []
  return {
    objects,
    calls,
    answer(call) {
      calls.push(call)
      const befallen = fate(call, calls.length)
      if (befallen instanceof Error) throw befallen
      if (typeof befallen === 'object') return befallen
      if (befallen === 'hangs') return HANG
      const answer = act(objects, call)
      if (befallen === 'effect then reset') throw networkError('ECONNRESET')
      if (befallen === 'effect then 500') return s3Error('InternalError', 500)
      return befallen === 'effect then hangs' ? HANG : answer
    },
  }
}

export function etag(text: string): string {
  return `"${createHash('md5').update(text).digest('hex')}"`
}

function act(objects: Map<string, string>, { method, path, query, headers, body }: AwsCall): AwsAnswer {
  const key = decodeURIComponent(path.replace(/^\/[^/]+\/?/, ''))
  const found = objects.get(key)
  if (query['list-type'] === '2') return list(objects, query)
  if (method === 'GET')
    return found === undefined
      ? s3Error('NoSuchKey', 404)
      : { status: 200, headers: { etag: etag(found) }, body: found }
  if (headers['if-none-match'] === '*' && found !== undefined) return s3Error('PreconditionFailed', 412)
  const match = headers['if-match']
  if (match !== undefined && found === undefined) return s3Error('NoSuchKey', 404)
  if (match !== undefined && found !== undefined && match !== etag(found)) return s3Error('PreconditionFailed', 412)
  objects.set(key, body)
  return { status: 200, headers: { etag: etag(body) } }
}

/** Two keys a page, so that every listing needs several. */
function list(objects: Map<string, string>, query: AwsCall['query']): AwsAnswer {
  const prefix = String(query['prefix'])
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).toSorted()
  const start = Number(query['continuation-token'] ?? 0)
  const page = keys.slice(start, start + 2)
  const isTruncated = start + 2 < keys.length
  const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
  const next = isTruncated ? `<NextContinuationToken>${start + 2}</NextContinuationToken>` : ''
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${contents}${next}</ListBucketResult>`,
  }
}
