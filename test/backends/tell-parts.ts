import { mkdirSync, writeFileSync } from 'node:fs'

const REPORTS = new URL('../../reports/', import.meta.url)

/** Says whose parts a run stands on, and keeps it beside Vitest's report for the table of backends. */
export function tellParts(backend: string, says: readonly string[]): void {
  for (const line of says) process.stderr.write(`${backend}: ${line}\n`)
  mkdirSync(REPORTS, { recursive: true })
  writeFileSync(new URL(`${backend}.parts`, REPORTS), `${says.join('\n')}\n`)
}
