import type { CloudRequest, CloudResponse } from '../http.ts'
import type { AwsError } from '../service.ts'
import type { Api, OperationShape } from './api.ts'

/** A protocol: calls and responses as HTTP. */
export interface Protocol {
  /** Reads operation and input. Throws {@link AwsError} for a request that AWS would reject. */
  read(api: Api, request: WireRequest): WireCall
  write(answer: WireAnswer): CloudResponse
  writeError(failure: WireFailure): CloudResponse
}

/** A request with its URL parsed. */
export interface WireRequest extends CloudRequest {
  /** Still encoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly baseUrl: string
  /** Milliseconds since the epoch: presigned URLs expire. */
  readonly now: number
}

export interface WireCall {
  readonly operation: OperationShape
  readonly input: Record<string, unknown>
}

export interface WireAnswer {
  readonly api: Api
  readonly operation: OperationShape
  readonly output: Readonly<Record<string, unknown>>
  readonly requestId: string
}

export interface WireFailure {
  readonly api: Api
  readonly error: AwsError
  readonly requestId: string
  readonly method: string
}

const encoder = new TextEncoder()

/** Text as UTF-8 bytes. */
export function bytes(text: string): Uint8Array {
  return encoder.encode(text)
}

export const noBytes: Uint8Array = new Uint8Array(0)
