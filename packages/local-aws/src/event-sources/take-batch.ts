import type { SourceMessage } from './event-source-ports.ts'

/** An event's payload limit is 6 MB; the rest is room for names, escapes and attributes. */
const MAX_BATCH_BYTES = 6_000_000

/** Removes the next batch from the front: at most `size` messages, and as many as fit into one event (at least one). */
export function takeBatch(buffer: SourceMessage[], size: number): SourceMessage[] {
  let bytes = 0
  let count = 0
  for (const message of buffer.slice(0, size)) {
    bytes += Buffer.byteLength(JSON.stringify(message.body)) + 1000
    if (count > 0 && bytes > MAX_BATCH_BYTES) break
    count += 1
  }
  return buffer.splice(0, count)
}
