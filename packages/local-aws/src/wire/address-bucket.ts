import type { WireRequest } from './protocol.ts'

// bucket.s3.us-east-1.amazonaws.com, bucket.s3.localhost.localstack.cloud, bucket.localhost: the suffixes that clients
// append to a bucket's name (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html).
const behindBucket =
  /^(.+?)\.(?:s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com|s3(?:\.[a-z0-9-]+)*\.localhost(?:\.localstack\.cloud)?|localhost(?:\.localstack\.cloud)?)$/i

/** Moves the bucket of a virtual-hosted address into the path, so that both styles of address are read alike. */
export function addressBucket(request: WireRequest): WireRequest {
  const host = (request.headers['host'] ?? '').replace(/:\d+$/, '')
  const bucket = behindBucket.exec(host)?.[1]
  if (bucket === undefined || bucket === 's3' || bucket.startsWith('s3.')) return request
  return { ...request, path: `/${bucket}${request.path}` }
}
