/** A request to the cloud. */
export interface CloudRequest {
  readonly method: string
  /** Path and query as sent, still encoded. */
  readonly target: string
  /** Lower-case names; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly signal?: AbortSignal
  /** IP address of the client; absent where it is in this process. */
  readonly address?: string | undefined
}

/** The cloud's response. */
export interface CloudResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export type Cloud = (request: CloudRequest) => Promise<CloudResponse>
