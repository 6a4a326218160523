import { basename } from 'node:path'

/** One file of scenarios in a report. */
export interface ReportedFile {
  /** `vendor-outage` */
  readonly scenario: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly seconds: number
}

/** Reads Vitest's JSON report; throws where it has another shape than expected. */
export function readReport(text: string): ReportedFile[] {
  const report: unknown = JSON.parse(text)
  return listOf(report, 'testResults').map((file) => {
    const tests = listOf(file, 'assertionResults').map((test) => fieldOf(test, 'status'))
    const count = (...statuses: string[]): number => tests.filter((status) => statuses.includes(String(status))).length
    const passed = count('passed')
    const skipped = count('skipped', 'pending', 'todo')
    const isBroken = fieldOf(file, 'status') === 'failed' && tests.length === 0
    return {
      scenario: basename(String(fieldOf(file, 'name')), '.test.ts'),
      passed,
      skipped,
      failed: tests.length - passed - skipped + (isBroken ? 1 : 0),
      seconds: (Number(fieldOf(file, 'endTime')) - Number(fieldOf(file, 'startTime'))) / 1000,
    }
  })
}

/** A cell of the table. */
export function describeFile({ passed, failed, skipped, seconds }: ReportedFile): string {
  const time = `${seconds.toFixed(1)} s`
  if (failed > 0) return `✗ ${failed} of ${passed + failed + skipped}, ${time}`
  return `✓ ${passed}${skipped > 0 ? `, ${skipped} skipped` : ''}, ${time}`
}

function fieldOf(value: unknown, name: string): unknown {
  const field: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  if (field === undefined) throw new Error(`no ${name} in Vitest's report; has it changed?`)
  return field
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name)
  if (!Array.isArray(list)) throw new Error(`${name} in Vitest's report is no list; has it changed?`)
  return list
}
