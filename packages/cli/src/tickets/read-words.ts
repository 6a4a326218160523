import { type Priority, PRIORITIES, readPriority, readTicketId } from 'ticket-core'
import { refuse } from '../actions.ts'

/** Ids in any spelling of people, each once; one at least. */
export function readIds(action: string, positionals: readonly string[]): readonly string[] {
  if (positionals.length === 0) refuse(action, 'expected a ticket id, such as T-7QK2M-9XD4R')
  const ids = positionals.map(
    (given) => readTicketId(given) ?? refuse(action, `expected a ticket id such as T-7QK2M-9XD4R, got "${given}"`),
  )
  return [...new Set(ids)]
}

/** A priority, as people write it. */
export function readPriorityOf(option: string, given: string): Priority {
  return readPriority(given) ?? refuse(option, `expected ${PRIORITIES.join(', ')}, got "${given}"`)
}
