type Fields = Readonly<Record<string, unknown>>
type Run = () => Promise<Fields>

/** Hides a received message for so many seconds; 0 makes it visible at once. */
export type HideMessage = (message: {
  readonly queueUrl: string
  readonly receiptHandle: string
  readonly seconds: number
}) => Promise<void>

/** Seconds that a message held back by {@link reorder} stays away at most. */
const LONGEST_HOLD = 30

/** Everything received can be received by somebody else as well, at once. */
export async function deliverTwice(input: Fields, run: Run, hide: HideMessage): Promise<Fields> {
  const output = await run()
  for (const { receiptHandle } of messagesOf(output))
    await hide({ queueUrl: String(input['QueueUrl']), receiptHandle, seconds: 0 })
  return output
}

/** Of what is received some comes only later, the rest in another order. */
export async function reorder({
  input,
  run,
  hide,
  chance,
}: {
  readonly input: Fields
  readonly run: Run
  readonly hide: HideMessage
  readonly chance: () => number
}): Promise<Fields> {
  const output = await run()
  const kept: { readonly message: unknown; readonly rank: number }[] = []
  for (const { message, receiptHandle } of messagesOf(output)) {
    if (kept.length === 0 || chance() < 0.5) kept.push({ message, rank: chance() })
    else {
      const seconds = Math.ceil(chance() * LONGEST_HOLD)
      await hide({ queueUrl: String(input['QueueUrl']), receiptHandle, seconds })
    }
  }
  const shuffled = kept.toSorted((a, b) => a.rank - b.rank).map(({ message }) => message)
  return kept.length === 0 ? output : { ...output, Messages: shuffled }
}

function messagesOf({ Messages }: Fields): readonly { readonly message: unknown; readonly receiptHandle: string }[] {
  const messages: readonly unknown[] = Array.isArray(Messages) ? Messages : []
  return messages.map((message) => ({ message, receiptHandle: receiptHandleOf(message) }))
}

function receiptHandleOf(message: unknown): string {
  const isMessage = typeof message === 'object' && message !== null && 'ReceiptHandle' in message
  return isMessage && typeof message.ReceiptHandle === 'string' ? message.ReceiptHandle : ''
}
