import { AwsError } from './service.ts'
import { entityTooLarge, MAX_BODY_BYTES } from './services/s3/object-body.ts'
import type { CloudRequest } from './http.ts'
import type { ServiceName } from './wire/apis.ts'
import { readCredential } from './wire/credential.ts'
import { detectService } from './wire/detect.ts'
import { readWire } from './wire/read-wire.ts'

/** The limit of a body, and the error for a larger one. */
export interface BodyLimit {
  readonly bytes: number
  /** The error for a body of this many bytes or more. */
  readonly error: (size: number) => AwsError
}

const MiB = 1_048_576

/** The limit of the request's service. The head decides it, before the body is read. */
export function bodyLimitOf(head: CloudRequest): BodyLimit {
  const wire = readWire(head, 0)
  const { service } = detectService(wire, readCredential(wire.headers, wire.query))
  const isForm = (head.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  // An unsigned form names its service only in its body. SQS has the largest forms.
  return limits[service === 's3' && isForm && head.method === 'POST' ? 'sqs' : service]
}

/** AWS's limits, plus the most that JSON, base64, percent encoding or signed chunks can add to a payload. */
const limits: Readonly<Record<ServiceName, BodyLimit>> = {
  s3: { bytes: MAX_BODY_BYTES + MiB, error: entityTooLarge },
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  lambda: {
    bytes: 70_167_211,
    error: () =>
      new AwsError('RequestEntityTooLargeException', 'Request must be smaller than 70167211 bytes for the operation', {
        status: 413,
        details: { Type: 'User' },
      }),
  },
  // Ten messages of 1 MiB together, each character as \u0000.
  sqs: { bytes: 8 * MiB, error: () => tooLarge(8 * MiB) },
  secretsmanager: { bytes: MiB, error: () => tooLarge(MiB) },
  events: { bytes: MiB, error: () => tooLarge(MiB) },
  iam: { bytes: MiB, error: () => tooLarge(MiB) },
  sts: { bytes: MiB, error: () => tooLarge(MiB) },
}

function tooLarge(bytes: number): AwsError {
  return new AwsError('RequestEntityTooLarge', `The request is larger than ${bytes} bytes.`, { status: 413 })
}
