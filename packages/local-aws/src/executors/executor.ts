/** What an executor must know of a function to run it. */
export interface FunctionSpec {
  readonly name: string
  /** Unqualified. */
  readonly arn: string
  readonly version: string
  readonly accountId: string
  readonly region: string
  /** For example `nodejs24.x`. */
  readonly runtime: string
  /** `file.export`. */
  readonly handler: string
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly variables: Readonly<Record<string, string>>
  readonly roleArn: string
  /** Base64 digest of the zip, as AWS shows it. */
  readonly codeSha256: string
}

/** One call of one function. */
export interface Invocation {
  readonly spec: FunctionSpec
  readonly invokedArn: string
  readonly requestId: string
  /** JSON text. */
  readonly payload: string
  /** JSON text, as an `X-Amz-Client-Context` header carries it in base64. */
  readonly clientContext?: string | undefined
  readonly traceId?: string | undefined
  /** Reads the function's zip; called only when it is not yet unpacked. */
  readonly code: () => Uint8Array
  /** Every line of output, in the order in which it was read. */
  readonly log: (line: LogLine) => void
}

/** One line of a function's output, without its line end. */
export interface LogLine {
  /** `platform`: START, END, REPORT and lines of the executor itself. */
  readonly stream: 'stdout' | 'stderr' | 'platform'
  readonly text: string
}

/** A failure as Lambda puts it into the payload. */
export interface FunctionFailure {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

/** The result of an invocation; a function's error is a value, not an exception. */
export type InvocationOutcome =
  | { readonly ok: true; readonly payload: string; readonly durationMs: number; readonly coldStart: boolean }
  | { readonly ok: false; readonly failure: FunctionFailure; readonly durationMs: number; readonly coldStart: boolean }

/** Runs functions: as processes of their own, or inside this one. */
export interface Executor {
  /** Rejects only if the executor is closed or the machine fails (no disk space, no process). */
  invoke(invocation: Invocation): Promise<InvocationOutcome>
  /** The function was changed or deleted: its warm environments are not used again. */
  retire(functionArn: string): void
  /** Ends running invocations and leaves no process and no timer behind. */
  close(): Promise<void>
}

/** Credentials of a role's session, given to a function as AWS does. */
export interface FunctionCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** Milliseconds since the epoch: an environment ends before its credentials do. */
  readonly expiration?: number
}
