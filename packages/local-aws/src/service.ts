import type { RequiredPermission } from './authorization/required-permission.ts'
import type { CloudRequest, CloudResponse } from './http.ts'

/** One call of one operation. */
export interface Call {
  /** `sqs`, `s3`, `secretsmanager`, `lambda`, `events`, `iam`, `sts`. */
  readonly service: string
  readonly operation: string
  readonly caller: Caller
  readonly region: string
  readonly requestId: string
  /** Scheme, host and port that the client used, without a trailing slash: queue URLs are made from it. */
  readonly baseUrl: string
  readonly from: Origin
  /** `X-Amzn-Trace-Id`: SDK clients in a function send the one of its invocation. */
  readonly trace?: string | undefined
  /** The error for a permission that the caller lacks, for operations that answer item by item. */
  readonly deny: (permission: RequiredPermission) => AwsError | undefined
  /** Aborted when the client disconnects: a long poll must not take messages for it then. */
  readonly signal: AbortSignal
}

/** Where a call came from. */
export interface Origin {
  /** IP address of the client. */
  readonly address: string
  /** Over TLS, or without leaving this machine. */
  readonly secure: boolean
}

/** Authorizes calls. */
export interface Authorizer {
  /** Throws AWS's own error unless the caller has all permissions that the call requires. */
  authorize(call: Call, input: Readonly<Record<string, unknown>>): void
  /** The error for one permission that the caller lacks. */
  deny(call: Call, permission: RequiredPermission): AwsError | undefined
}

/** The caller. An unknown access key is the account's root. */
export interface Caller {
  /** For an anonymous caller, the account of the resource. */
  readonly accountId: string
  readonly arn: string
  /** Set if the request was not signed: only statements for every principal match its caller. */
  readonly anonymous?: true
  /** As the request was signed; absent if it was not. */
  readonly accessKeyId?: string
  /** The role's name, if the caller is a session of a role. */
  readonly roleName?: string
  /** Session policies, documents or ARNs: they limit the session. */
  readonly sessionPolicies?: readonly string[]
}

/**
 * An operation's behaviour: typed input (blobs as Uint8Array, timestamps as Date) to output, as the SDK's schemas
 * describe them. Expected errors are thrown as {@link AwsError}.
 */
export type Operation = (input: never, call: Call) => unknown

/** An operation as a function of its service's dependencies, input and call. */
type OperationOf<Context> = (context: Context, input: never, call: Call) => unknown

/** Binds the operations of a service to its dependencies: the function `getObject`, or `GetObject`, is the operation GetObject. */
export function bindOperations<Context>(
  context: Context,
  functions: Readonly<Record<string, OperationOf<Context>>>,
): Readonly<Record<string, Operation>> {
  const bind = ([name, run]: [string, OperationOf<Context>]): [string, Operation] => [
    `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    (input, call) => run(context, input, call),
  ]
  return Object.fromEntries(Object.entries(functions).map(bind))
}

export interface Service {
  readonly name: string
  /** Keyed by operation name. One that is missing answers AWS's own error for an unknown action. */
  readonly operations: Readonly<Record<string, Operation>>
  /** Answers requests outside AWS's API (function URLs, an emulator's peek); `undefined` passes them on. */
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
  /** Further headers of the answer, such as S3's bucket region, or the ETag of a 304. */
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

/** The connection breaks before the response; the client cannot know whether the call had an effect. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
  /** Node's own code, so that clients in this process handle it as a real one. */
  readonly code = 'ECONNRESET'
  readonly syscall = 'read'

  constructor() {
    super('read ECONNRESET')
  }
}
