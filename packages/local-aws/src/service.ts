import type { RequiredPermission } from './authorization/required-permission.ts'
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
  readonly from: Origin
  /** `X-Amzn-Trace-Id` as it came: SDK clients in a function send along the one that it was invoked with. */
  readonly trace?: string | undefined
  /** The error for a need that the caller may not: for what is answered item by item, beside what the call itself needs. */
  readonly deny: (permission: RequiredPermission) => AwsError | undefined
  /** Aborted when the client went away: a long poll must not take messages for nobody. */
  readonly signal: AbortSignal
}

/** Where a call came from. */
export interface Origin {
  /** IP address of the client. */
  readonly address: string
  /** Over TLS, or without leaving this machine. */
  readonly secure: boolean
}

/** Decides on calls. */
export interface Authorizer {
  /** Throws AWS's own error unless the caller may do all that the call needs. */
  authorize(call: Call, input: Readonly<Record<string, unknown>>): void
  /** The error for one need that the caller may not. */
  deny(call: Call, permission: RequiredPermission): AwsError | undefined
}

/** Who calls. An unknown access key is the account's root. */
export interface Caller {
  /** Of an anonymous caller, the account that is asked. */
  readonly accountId: string
  readonly arn: string
  /** Set where the request was not signed: only policies for everybody speak of its caller. */
  readonly anonymous?: true
  /** As the request was signed; absent if it was not. */
  readonly accessKeyId?: string
  /** Set for the session of a role: its name, whose policies decide. */
  readonly roleName?: string
  /** Policies that the session was begun with, documents or ARNs: it may do no more than they allow. */
  readonly sessionPolicies?: readonly string[]
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

/** The connection breaks before the answer is out; whether the call had its effect, the client cannot know. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
  /** As Node names it, so that clients in this process take it for what it stands for. */
  readonly code = 'ECONNRESET'
  readonly syscall = 'read'

  constructor() {
    super('read ECONNRESET')
  }
}
