/** A received message. */
export interface SourceMessage {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly md5OfBody: string
  readonly attributes: Readonly<Record<string, string>>
  readonly messageAttributes?: Readonly<Record<string, SourceAttribute>> | undefined
  readonly md5OfMessageAttributes?: string | undefined
}

/** A message attribute as the SDK spells it. */
export interface SourceAttribute {
  readonly DataType?: string | undefined
  readonly StringValue?: string | undefined
  readonly BinaryValue?: Uint8Array | undefined
}

/** The result of invoking a function with a batch. */
export type BatchInvocation =
  | { readonly kind: 'answered'; readonly payload: string }
  /** The function failed: all of the batch stays where it is until its visibility timeout ends. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** No concurrency was left: retry soon. */
  | { readonly kind: 'throttled' }

/** What a poller needs of a queue and of a function. */
export interface EventSourcePorts {
  /** A long poll of up to `waitSeconds`; at most `max` (1 to 10) messages; on `signal` it ends early with none. */
  receive(request: { max: number; waitSeconds: number; signal: AbortSignal }): Promise<readonly SourceMessage[]>
  /**
   * After an empty receive: resolves when the next one may have another result, or on `signal`. Without it the next
   * receive follows at once, as on AWS.
   */
  waitForWork?(signal: AbortSignal): Promise<void>
  /** Deletes up to ten; returns those that could not be deleted. */
  delete(messages: readonly SourceMessage[]): Promise<readonly SourceMessage[]>
  /** Makes messages visible again at once. Without it they become visible when their visibility timeout ends. */
  release?(messages: readonly SourceMessage[]): Promise<void>
  /** Runs the function with the event of a batch, as JSON text. Rejecting counts as `failed`. */
  invoke(payload: string, batch: readonly SourceMessage[]): Promise<BatchInvocation>
}
