import type { Said, SentTicket } from '../promise/evidence.ts'
import type { Answer } from '../promise/read-answer.ts'

/** One message and all that its sender saw of it. */
export interface SentMessage {
  readonly ticket: SentTicket
  readonly sentAt: number
  readonly answers: Answer[]
  /** Ids that accepting and doubtful cards named: always one. */
  readonly ids: Set<string>
  /** What people did with it afterwards. */
  readonly said: Said[]
}
