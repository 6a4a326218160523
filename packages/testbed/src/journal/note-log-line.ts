import { parseObject } from '../simulators/read-json.ts'
import type { JournalWriter } from './create-journal.ts'

/**
 * Writes a line of output into the journal: one of our log lines as an entry of its own, other text as a note.
 * `by` names the function.
 */
export function noteLogLine(
  journal: JournalWriter,
  { source, line, by }: { readonly source: 'server' | 'function'; readonly line: string; readonly by?: string },
): void {
  const fields = line.startsWith('{') ? parseObject(line) : undefined
  const name = fields?.['event']
  if (!fields || typeof name !== 'string') {
    journal.note({ source: 'note', kind: `${by ?? source}: ${line.trimEnd()}` })
    return
  }
  const level = fields['level']
  const ticket = fields['ticket']
  journal.note({
    source,
    kind: name,
    level: level === 'debug' || level === 'warn' || level === 'error' ? level : 'info',
    fields: { ...(by !== undefined && { by }), line: line.trimEnd() },
    ...(typeof ticket === 'string' && { ticket }),
  })
}
