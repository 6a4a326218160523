import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { REPORTS } from '../../scripts/run-vitest.ts'

/** Says whose parts a run stands on, and keeps it beside Vitest's report for the table of backends. */
export function recordParts(backend: string, says: readonly string[]): void {
  for (const line of says) process.stderr.write(`${backend}: ${line}\n`)
  const file = join(REPORTS, `${backend}.parts`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${says.join('\n')}\n`)
}
