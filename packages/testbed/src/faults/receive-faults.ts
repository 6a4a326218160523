type Fields = Readonly<Record<string, unknown>>
type Run = () => Promise<Fields>

/** Hides a received message for some seconds. 0 makes it visible immediately. */
export type HideMessage = (message: {
  readonly queueUrl: string
  readonly receiptHandle: string
  readonly seconds: number
}) => Promise<void>

/** {@link reorder} delays a message by at most this many seconds. */
const LONGEST_HOLD = 30

/** Extra deliveries of one message at most: SQS repeats a message sometimes, not endlessly. */
const MOST_REPEATS = 2

/** Makes received messages visible again immediately, so that a second consumer gets them too. */
export function createDeliverTwice(hide: HideMessage): (input: Fields, run: Run) => Promise<Fields> {
  const repeats = new Map<string, number>()
  return async (input, run) => {
    const output = await run()
    for (const { message, receiptHandle } of messagesOf(output)) {
      const id = textOf(message, 'MessageId')
      const times = repeats.get(id) ?? 0
      if (times >= MOST_REPEATS) continue
      repeats.set(id, times + 1)
      await hide({ queueUrl: String(input['QueueUrl']), receiptHandle, seconds: 0 })
    }
    return output
  }
}

/** Delays some of the received messages, and returns the others in another order. */
export async function reorder({
  input,
  run,
  hide,
  random,
}: {
  readonly input: Fields
  readonly run: Run
  readonly hide: HideMessage
  readonly random: () => number
}): Promise<Fields> {
  const output = await run()
  const kept: { readonly message: unknown; readonly rank: number }[] = []
  for (const { message, receiptHandle } of messagesOf(output)) {
    if (kept.length === 0 || random() < 0.5) kept.push({ message, rank: random() })
    else {
      const seconds = Math.ceil(random() * LONGEST_HOLD)
      await hide({ queueUrl: String(input['QueueUrl']), receiptHandle, seconds })
    }
  }
  const shuffled = kept.toSorted((a, b) => a.rank - b.rank).map(({ message }) => message)
  return kept.length === 0 ? output : { ...output, Messages: shuffled }
}

function messagesOf({ Messages }: Fields): readonly { readonly message: unknown; readonly receiptHandle: string }[] {
  const messages: readonly unknown[] = Array.isArray(Messages) ? Messages : []
  return messages.map((message) => ({ message, receiptHandle: textOf(message, 'ReceiptHandle') }))
}

function textOf(message: unknown, name: 'MessageId' | 'ReceiptHandle'): string {
  const value: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, name) : undefined
  return typeof value === 'string' ? value : ''
}
