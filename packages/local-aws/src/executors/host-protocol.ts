import type { FunctionFailure } from './executor.ts'

/** What the parent sends to an environment, over the IPC channel. */
export interface HostRequest {
  readonly requestId: string
  readonly invokedArn: string
  readonly payload: string
  /** Milliseconds since the epoch. */
  readonly deadline: number
  readonly traceId?: string | undefined
  readonly clientContext?: string | undefined
}

/** An environment's reply. */
export type HostReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly failure: FunctionFailure }
  | { readonly kind: 'answer'; readonly requestId: string; readonly payload: string }
  | {
      readonly kind: 'failed'
      readonly requestId: string
      readonly failure: FunctionFailure
      /** The environment ends itself after this. */
      readonly fatal: boolean
    }

/** A line that marks the end of an invocation's output in this stream. */
export function endOfOutput(requestId: string): string {
  return `\u0000end-of-output ${requestId}`
}
