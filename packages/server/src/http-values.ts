/** A request as plain values. A listener (a socket, a Lambda URL) fills it in. */
export interface IncomingRequest {
  readonly method: string
  /** Path with its query string, as sent. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The bytes as they came: the signature is over these. */
  readonly body: Uint8Array
  /** When its head arrived, by `Clock.monotonic`; the answer's deadline counts from it. @default now */
  readonly receivedAt?: number
  /** The caller's address, for the log. */
  readonly from?: string
}

/** An answer as plain values. The listener adds `content-length`. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The only function of line 1 that listeners call. */
export type Handle = (request: IncomingRequest) => Promise<Reply>

/** Most bytes of a request's body, 256 KiB. A Teams message with its html copy is under 100 KB. */
export const BODY_LIMIT: number = 256 * 1024

/** The value of a header; the first one if it is repeated. */
export function readHeader({ headers }: Pick<IncomingRequest, 'headers'>, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' || value === undefined ? value : value[0]
}

/** A 200 that Teams posts into the thread. */
export function replyJson(body: object, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) }
}

/** A line of plain text. */
export function replyText(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: text }
}
