import type { CloudRequest, CloudResponse } from './http.ts'

/** One call of one operation, as the wire read it. */
export interface Call {
  /** `sqs`, `s3`, `secretsmanager`, `lambda`, `iam`, `sts`. */
  readonly service: string
  readonly operation: string
  readonly caller: Caller
  readonly region: string
  readonly requestId: string
  /** Scheme, host and port that the client used, without a trailing slash: queue URLs are made from it. */
  readonly baseUrl: string
  /** Aborted when the client went away: a long poll must not take messages for nobody. */
  readonly gone: AbortSignal
}

/** Who calls. An unknown access key is the account's root. */
export interface Caller {
  readonly accountId: string
  readonly arn: string
  /** Set for the session of a role: its name, whose policies decide. */
  readonly roleName?: string
}

/**
 * An operation's behaviour: typed input (blobs as Uint8Array, timestamps as Date) to output, as the SDK's schemas
 * describe them. Expected errors are thrown as {@link AwsError}.
 */
export type Operation = (input: never, call: Call) => unknown

export interface Service {
  readonly name: string
  /** Keyed by operation name. One that is missing answers AWS's own error for an unknown action. */
  readonly operations: Readonly<Record<string, Operation>>
  /** Answers requests that are no operations of AWS (function URLs, an emulator's peek); `undefined` leaves it to others. */
  readonly answer?: (
    request: CloudRequest,
    baseUrl: string,
  ) => CloudResponse | undefined | Promise<CloudResponse | undefined>
}

/** An error that AWS would answer: `code` as in the service's schema; HTTP status from there unless given. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  readonly code: string
  readonly status: number | undefined
  /** Further members of the error's structure. */
  readonly details: Readonly<Record<string, unknown>>
  /** Headers of the answer that the structure does not hold: S3 names a bucket's region in one, an ETag in a 304. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: string,
    message: string,
    more: {
      status?: number
      details?: Readonly<Record<string, unknown>>
      headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(message)
    this.code = code
    this.status = more.status
    this.details = more.details ?? {}
    this.headers = more.headers ?? {}
  }
}
