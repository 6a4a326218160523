import { findTicketId } from '@ticketing/testbed'
import type { Copy } from './evidence.ts'

/** What a vendor shows says by itself whose copy it is, and whether it may be a repeat. `serial` finds the title's. */
export function readCopy(text: string, serial: RegExp): Pick<Copy, 'text' | 'ticket' | 'serial' | 'isMarked'> {
  return {
    text,
    ticket: findTicketId(text) ?? '',
    serial: serial.exec(text)?.[1] ?? '',
    isMarked: text.includes('Possible repeat: an earlier message with this ticket id may be here already.'),
  }
}

/** All texts of a JSON value, one a line. */
export function textsIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  return Object.values(value).map(textsIn).join('\n')
}
