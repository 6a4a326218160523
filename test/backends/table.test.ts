import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BACKENDS } from './backends.ts'
import { listScenarios } from './list-scenarios.ts'
import { describeFile, readReport } from './read-report.ts'
import { readTable, writeTable } from './table.ts'

const DOCUMENT = readFileSync(new URL('../../docs/backends.md', import.meta.url), 'utf8')
const names = BACKENDS.map(({ name }) => name)

describe('docs/backends.md (made by `pnpm backends`)', () => {
  const { cells, runs } = readTable(DOCUMENT)

  it('says of every backend when it was run', () => {
    expect([...runs.keys()]).toEqual(names)
    for (const run of runs.values()) expect(run).toMatch(/^\d{4}-\d\d-\d\d/)
  })

  it('has every scenario, and none that is gone', () => {
    expect([...cells.keys()]).toEqual(listScenarios().map(({ name }) => name))
  })

  it.each(listScenarios())('$name is green everywhere, or says what a backend lacks', ({ name, needsVirtualClock }) => {
    const row = cells.get(name) ?? new Map<string, string>()
    for (const backend of names) {
      const cell = row.get(backend)
      const isLeftOut = needsVirtualClock && backend !== 'virtual'
      expect(cell, backend).toMatch(isLeftOut ? /^needs the virtual clock$/ : /^✓ \d+(, \d+ skipped)?, \d+\.\d s$/)
    }
  })

  it('is read back as it was written, whatever people wrote around the tables', () => {
    const table = {
      cells: new Map([['a', new Map([['virtual', '✓ 1, 0.1 s'] as const])]]),
      runs: new Map([['ministack', '2026-11-25'] as const]),
    }
    const written = writeTable(DOCUMENT, table)
    expect(readTable(written)).toEqual(table)
    expect(written.split('<!--')[0]).toBe(DOCUMENT.split('<!--')[0])
    expect(written.split('-->').at(-1)).toBe(DOCUMENT.split('-->').at(-1))
  })
})

const file = (name: string, status: string, statuses: string[]): object => ({
  name: `/x/test/scenarios/${name}.test.ts`,
  status,
  startTime: 1000,
  endTime: 2500,
  assertionResults: statuses.map((each) => ({ status: each })),
})

describe("Vitest's report", () => {
  it('counts the tests of each file, and one that could not be loaded as failed', () => {
    const report = {
      testResults: [
        file('good', 'passed', ['passed', 'skipped']),
        file('bad', 'failed', ['passed', 'failed']),
        file('broken', 'failed', []),
      ],
    }
    expect(readReport(JSON.stringify(report)).map((each) => [each.scenario, describeFile(each)])).toEqual([
      ['good', '✓ 1, 1 skipped, 1.5 s'],
      ['bad', '✗ 1 of 2, 1.5 s'],
      ['broken', '✗ 1 of 1, 1.5 s'],
    ])
    expect(() => readReport('{"results":[]}')).toThrow('no testResults in Vitest')
  })
})
