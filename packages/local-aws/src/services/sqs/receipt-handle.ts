import { receiptHandleIsInvalid } from './sqs-errors.ts'

/** The content of a receipt handle: queue, message, and receive. */
export interface ReceiptHandle {
  readonly queueId: number
  readonly seq: number
  readonly nonce: string
}

// AWS's handles are opaque text of this alphabet that begins like this.
const prefix = 'AQEB'

export function writeReceiptHandle({ queueId, seq, nonce }: ReceiptHandle): string {
  return prefix + Buffer.from(`${queueId}.${seq}.${nonce}`, 'latin1').toString('base64')
}

/** Throws `ReceiptHandleIsInvalid` for text that is not a receipt handle. */
export function readReceiptHandle(text: string): ReceiptHandle {
  const match = text.startsWith(prefix)
    ? /^(\d{1,15})\.(\d{1,15})\.([0-9a-f]{16})$/.exec(
        Buffer.from(text.slice(prefix.length), 'base64').toString('latin1'),
      )
    : null
  if (!match) throw receiptHandleIsInvalid(text)
  const [, queueId, seq, nonce = ''] = match
  return { queueId: Number(queueId), seq: Number(seq), nonce }
}
