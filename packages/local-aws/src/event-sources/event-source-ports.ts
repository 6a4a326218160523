/** A message as a receive gives it. */
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

/** What a function made of a batch. */
export type BatchInvocation =
  | { readonly kind: 'answered'; readonly payload: string }
  /** The function failed: all of the batch stays where it is until its visibility timeout ends. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Nobody was there to run it: worth another try soon. */
  | { readonly kind: 'throttled' }

/** All that a poller needs of a queue and of a function, whoever provides them. */
export interface EventSourcePorts {
  /** A long poll of up to `waitSeconds`; at most `max` (1 to 10) messages; ends early, empty-handed, on `signal`. */
  receive(request: { max: number; waitSeconds: number; signal: AbortSignal }): Promise<readonly SourceMessage[]>
  /**
   * After an empty answer: resolves when the next poll may give something else, or on `signal`. Without it an answer is
   * followed by the next poll at once, as on AWS.
   */
  waitForWork?(signal: AbortSignal): Promise<void>
  /** Deletes up to ten; returns those that could not be deleted. */
  delete(messages: readonly SourceMessage[]): Promise<readonly SourceMessage[]>
  /** Gives messages back at once. Without it they come back when their visibility timeout ends. */
  giveBack?(messages: readonly SourceMessage[]): Promise<void>
  /** Runs the function with the event of a batch, as JSON text. Rejecting counts as `failed`. */
  invoke(payload: string, batch: readonly SourceMessage[]): Promise<BatchInvocation>
}
