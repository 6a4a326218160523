import type { CloudRequest, CloudResponse } from '../http.ts'
import type { AwsError } from '../service.ts'
import type { Api, OperationShape } from './api.ts'

/** One way to say a call and its answer in HTTP. */
export interface Protocol {
  /** Which operation, with which input. Throws {@link AwsError} for what AWS would refuse. */
  read(api: Api, request: WireRequest): WireCall
  write(answer: WireAnswer): CloudResponse
  writeError(failure: WireFailure): CloudResponse
}

/** A request with its address taken apart. */
export interface WireRequest extends CloudRequest {
  /** Still encoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly baseUrl: string
  /** Milliseconds since the epoch: presigned addresses end. */
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
