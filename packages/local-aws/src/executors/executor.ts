/** What an executor must know of a function to run it. */
export interface FunctionSpec {
  readonly name: string
  /** Unqualified. */
  readonly arn: string
  readonly version: string
  readonly accountId: string
  readonly region: string
  /** `nodejs24.x` and its like. */
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
  /** `platform`: START, END, REPORT and what the executor itself has to say. */
  readonly stream: 'stdout' | 'stderr' | 'platform'
  readonly text: string
}

/** A failure as Lambda puts it into the payload. */
export interface FunctionFailure {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

/** What came of an invocation; a function that fails is a value, not an exception. */
export type InvocationOutcome =
  | { readonly ok: true; readonly payload: string; readonly durationMs: number; readonly coldStart: boolean }
  | { readonly ok: false; readonly failure: FunctionFailure; readonly durationMs: number; readonly coldStart: boolean }

/** Runs functions: as processes of their own, or inside this one. */
export interface Executor {
  /** Rejects only when the executor is closed or cannot do its work (no disk, no process): a defect, or a shutdown. */
  invoke(invocation: Invocation): Promise<InvocationOutcome>
  /** The function was changed or deleted: its warm environments serve nobody any more. */
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
