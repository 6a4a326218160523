import { AwsError } from './service.ts'
import { entityTooLarge, MAX_BODY_BYTES } from './services/s3/object-body.ts'
import type { CloudRequest } from './http.ts'
import type { ServiceName } from './wire/apis.ts'
import { readCredential } from './wire/credential.ts'
import { detectService } from './wire/detect.ts'
import { readWire } from './wire/read-wire.ts'

/** How large a body may be, and what a larger one is answered with. */
export interface BodyLimit {
  readonly bytes: number
  /** Of a body of so many bytes, or more. */
  readonly error: (size: number) => AwsError
}

const MiB = 1_048_576

/** The most that a body of the service can hold; told by the head, before any of the body is read. */
export function bodyLimitOf(head: CloudRequest): BodyLimit {
  const wire = readWire(head, 0)
  const { service } = detectService(wire, readCredential(wire.headers, wire.query))
  const isForm = (head.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  // An unsigned form tells its service only in its body; none of AWS's forms is larger than one to SQS.
  return limits[service === 's3' && isForm && head.method === 'POST' ? 'sqs' : service]
}

/** As AWS has them, with room for the worst that JSON, base64, percent signs or signed chunks make of a payload. */
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
  iam: { bytes: MiB, error: () => tooLarge(MiB) },
  sts: { bytes: MiB, error: () => tooLarge(MiB) },
}

function tooLarge(bytes: number): AwsError {
  return new AwsError('RequestEntityTooLarge', `The request is larger than ${bytes} bytes.`, { status: 413 })
}
