import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AT_ADDRESS, BACKENDS, isBackendName, type BackendName } from '../test/backends/backends.ts'
import { listScenarios } from '../test/backends/list-scenarios.ts'
import { findMissingForLocalstack } from '../test/backends/localstack.ts'
import { readEndpoint } from '../test/backends/read-endpoint.ts'
import { describeFile, readReport } from '../test/backends/read-report.ts'
import { readTable, writeTable } from '../test/backends/table.ts'
import { REPORTS, runVitest } from './run-vitest.ts'

// `pnpm backends [NAME[=URL] …]`: runs every scenario on every backend that is here (or on those named), and writes
// docs/backends.md from Vitest's reports. What runs at an address gets its address as `localstack-host=http://127.0.0.1:4566`.
// What the document says of a backend that is not here stays.

const DOCUMENT = fileURLToPath(new URL('../docs/backends.md', import.meta.url))
const OXFMT = fileURLToPath(new URL('../node_modules/oxfmt/bin/oxfmt', import.meta.url))

interface Planned {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** How to run the scenarios there; or, in a line, why not. */
async function plan(name: BackendName, url: string | undefined): Promise<Planned | string> {
  switch (name) {
    case 'virtual':
      return { args: ['--project', 'tests', 'test/scenarios'], env: {} }
    case 'processes':
      return { args: ['--project', 'processes'], env: {} }
    case 'localstack': {
      const missing = await findMissingForLocalstack()
      return missing ?? { args: ['--project', 'localstack'], env: { TICKETING_TEST_LOCALSTACK: '1' } }
    }
    case 'localstack-host':
    case 'ministack': {
      if (url === undefined) return `start it, and say where: pnpm backends ${name}=http://127.0.0.1:4566`
      const found = await readEndpoint({ AWS_ENDPOINT_URL: url })
      if (!found.ok) return found.problem
      return { args: ['--project', 'endpoint'], env: { TICKETING_TEST_ENDPOINT: found.endpoint } }
    }
  }
}

const asked = new Map(process.argv.slice(2).map((arg) => [arg.split('=')[0] ?? '', /=(.*)/.exec(arg)?.[1]]))
for (const name of asked.keys())
  if (!isBackendName(name)) {
    console.error(`backends: "${name}" is none; expected ${BACKENDS.map((one) => one.name).join(', ')}`)
    process.exit(2)
  }
const onlyAddresses = [...asked.keys()].every((name) => isBackendName(name) && AT_ADDRESS.includes(name))
const old = readTable(readFileSync(DOCUMENT, 'utf8'))
const runs = new Map(old.runs)
const scenarios = listScenarios()
const cells = new Map(scenarios.map(({ name }) => [name, new Map(old.cells.get(name))]))
const today = new Date().toISOString().slice(0, 10)
const before = { ...process.env }

for (const { name, title } of BACKENDS) {
  if (asked.size > 0 && !onlyAddresses && !asked.has(name)) continue
  const planned = await plan(name, asked.get(name))
  if (typeof planned === 'string') {
    console.error(`backends: ${title} is not here: ${planned}`)
    if (asked.has(name)) process.exitCode = 1
    continue
  }
  const report = `backends/${name}`
  const parts = join(REPORTS, `${report}.parts`)
  rmSync(parts, { force: true })
  process.env = { ...before, ...planned.env, TICKETING_TEST_BACKEND: report }
  const code = await runVitest(planned.args, report)
  if (code !== 0) process.exitCode = 1
  const said = existsSync(parts) ? readFileSync(parts, 'utf8').trim().split('\n') : []
  runs.set(name, [today, ...said].join('; ').replaceAll(/https?:[^;\s]+/g, 'its own'))
  const files = readReport(readFileSync(join(REPORTS, `${report}.json`), 'utf8'))
  for (const scenario of scenarios) {
    const file = files.find((each) => each.scenario === scenario.name)
    const needs = scenario.needsVirtualClock ? 'needs the virtual clock' : ''
    cells.get(scenario.name)?.set(name, file ? describeFile(file) : needs)
  }
}
// Read again: people may have written in it meanwhile.
writeFileSync(DOCUMENT, writeTable(readFileSync(DOCUMENT, 'utf8'), { cells, runs }))
spawnSync(process.execPath, [OXFMT, DOCUMENT], { stdio: 'inherit' })
console.log(`wrote docs/backends.md: ${scenarios.length} scenarios, ${BACKENDS.length} backends`)
