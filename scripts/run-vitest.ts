import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Vitest's JSON report of the last run; `.ci/run` reads it too. */
const REPORT: string = fileURLToPath(new URL('../reports/vitest.json', import.meta.url))

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Runs Vitest with these arguments, showing its output; resolves with its exit code. */
export async function runVitest(args: readonly string[]): Promise<number> {
  const bin = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')))
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`]
  const child = spawn(process.execPath, [bin, 'run', ...reporters, ...args], { stdio: 'inherit' })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.once('error', reject)
  child.once('exit', (code) => resolve(code ?? 1))
  return promise
}

/** What the report of the last run counts. */
export async function readTally(): Promise<Tally> {
  const report: unknown = JSON.parse(await readFile(REPORT, 'utf8'))
  const count = (name: string): number => {
    const value = typeof report === 'object' && report !== null ? Reflect.get(report, name) : undefined
    if (typeof value !== 'number')
      throw new Error(`${REPORT}: expected a number named ${name}; has Vitest's report changed?`)
    return value
  }
  return {
    passed: count('numPassedTests'),
    failed: count('numFailedTests') + (count('numFailedTestSuites') > 0 && count('numFailedTests') === 0 ? 1 : 0),
    skipped: count('numPendingTests') + count('numTodoTests'),
  }
}
