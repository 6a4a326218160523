import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const CONFIG = fileURLToPath(new URL('./planted.config.ts', import.meta.url))
const VITEST = join(createRequire(import.meta.url).resolve('vitest/package.json'), '..', 'vitest.mjs')

export interface PlantedRun {
  readonly code: number
  /** The standard error of the run. */
  readonly errors: string
  /** `passed` or `failed`. */
  statusOf(title: string): string | undefined
  /** The errors of a test; empty if it did not fail. */
  messagesOf(title: string): string
}

interface PlantedTest {
  readonly title: string
  readonly status: string
  readonly failureMessages: readonly string[]
}

/** Runs files of failing tests in a separate Vitest. Their titles must be unique. */
export async function runPlanted(...files: readonly string[]): Promise<PlantedRun> {
  const outputFile = join(tmpdir(), `planted-${randomUUID()}.json`)
  // It has its own egress guard: its attempts must not fail the calling test.
  const { NODE_OPTIONS: _ours, ...env } = process.env
  const args = [VITEST, 'run', ...files, '--config', CONFIG, '--reporter=json', `--outputFile=${outputFile}`]
  const run = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const [errors, [code]] = await Promise.all([text(run.stderr), once(run, 'close')])
  const report: unknown = JSON.parse(await readFile(outputFile, 'utf8'))
  await rm(outputFile)
  const tests = readTests(report)
  const find = (title: string): PlantedTest | undefined => tests.find((each) => each.title === title)
  return {
    code: Number(code),
    errors,
    statusOf: (title) => find(title)?.status,
    messagesOf: (title) => find(title)?.failureMessages.join('\n') ?? '',
  }
}

/** Vitest's JSON report has one entry for each file, with one for each test. */
function readTests(report: unknown): readonly PlantedTest[] {
  return membersOf(report, 'testResults').flatMap((file) =>
    membersOf(file, 'assertionResults').map((test) => ({
      title: String(memberOf(test, 'title')),
      status: String(memberOf(test, 'status')),
      failureMessages: membersOf(test, 'failureMessages').map(String),
    })),
  )
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function membersOf(value: unknown, name: string): readonly unknown[] {
  const members = memberOf(value, name)
  return Array.isArray(members) ? members : []
}
