import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMPILED } from '../test/support/compiled.ts'

/** Vitest's JSON reports, one a kind of run, the last one of each. */
export const REPORTS: string = fileURLToPath(new URL('../reports/', import.meta.url))

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Runs Vitest with these arguments, showing its output; resolves with its exit code. `report` names the kind of run. */
export async function runVitest(args: readonly string[], report = 'vitest'): Promise<number> {
  const file = join(REPORTS, `${report}.json`)
  await mkdir(dirname(file), { recursive: true })
  const bin = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')))
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const env = { NODE_COMPILE_CACHE: COMPILED, ...process.env }
  const child = spawn(process.execPath, ['--conditions=source', bin, 'run', ...reporters, ...args], {
    stdio: 'inherit',
    env,
  })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.once('error', reject)
  child.once('exit', (code) => resolve(code ?? 1))
  return promise
}

/** What the last report of this kind of run counts; of every kind, added up, when none is named. */
export async function readTally(report?: string): Promise<Tally> {
  const files = report === undefined ? await readdir(REPORTS) : [`${report}.json`]
  // The bill of materials stands in the same folder.
  const reports = files.filter((file) => file.endsWith('.json') && !file.endsWith('.cdx.json'))
  const tallies = await Promise.all(reports.map(readReport))
  return tallies.reduce((sum, each) => ({
    passed: sum.passed + each.passed,
    failed: sum.failed + each.failed,
    skipped: sum.skipped + each.skipped,
  }))
}

async function readReport(file: string): Promise<Tally> {
  const report: unknown = JSON.parse(await readFile(join(REPORTS, file), 'utf8'))
  const count = (name: string): number => {
    const value = typeof report === 'object' && report !== null ? Reflect.get(report, name) : undefined
    if (typeof value !== 'number')
      throw new Error(`${file}: expected a number named ${name}; has Vitest's report changed?`)
    return value
  }
  return {
    passed: count('numPassedTests'),
    failed: count('numFailedTests') + (count('numFailedTestSuites') > 0 && count('numFailedTests') === 0 ? 1 : 0),
    skipped: count('numPendingTests') + count('numTodoTests'),
  }
}
