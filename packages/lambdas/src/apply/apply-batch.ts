import { answerBatch, readBatch, type AnswerPorts, type BatchAnswer, type KeptBack } from '../batch.ts'
import { hasTimeForCall, type Execution } from '../execution.ts'
import { type ApplyPorts, applyEvent } from './apply-event.ts'

/**
 * Adds one SQS batch of events to their cases, one after another. Those received most often come last: one of them may be
 * what kills the function. For what no time is left goes back at once.
 */
export function createApplyBatch(
  ports: ApplyPorts & AnswerPorts,
): (event: unknown, execution: Execution) => Promise<BatchAnswer> {
  return async (event, execution) => {
    const keptBack: KeptBack[] = []
    for (const message of readBatch(event).toSorted((a, b) => a.receiveCount - b.receiveCount)) {
      if (!hasTimeForCall(ports.clock.monotonic(), execution, 0)) {
        keptBack.push({ message, seconds: 0 })
        continue
      }
      const result = await applyEvent(ports, message)
      if (result.kind === 'retry')
        keptBack.push({ message, seconds: Math.max(0, Math.ceil((result.until - ports.clock.now()) / 1000)) })
    }
    return answerBatch(ports, execution, keptBack)
  }
}
