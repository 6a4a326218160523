/** `pnpm soak`: the real thing, killed for real. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HELP, readOptions, type SoakOptions } from './options.ts'
import { isGood, renderReport } from './report.ts'
import { runSoak } from './run-soak.ts'

/** For starting, for reading what is there at the end, and for the report. Seconds. */
const BESIDES = 600

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function main(): Promise<number> {
  const options = readArguments()
  if (typeof options === 'number') return options
  // The processes end with this one, whatever ends it: see keep-running.ts and die-with-parent.ts.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
  const limit = options.seconds + options.drainSeconds + BESIDES
  setTimeout(() => {
    say(`the soak itself hangs: it is ended after ${limit} s`)
    process.exit(1)
  }, limit * 1000).unref()

  const folder = await mkdtemp(join(tmpdir(), 'ticketing-soak-'))
  say(
    `seed ${options.seed}: ${options.seconds} s, ${options.rate} messages and ${options.acts} acts a second, a kill every ${options.killEvery} s, a fault every ${options.faultEvery} s`,
  )
  say(`logs are in ${folder}`)
  const { report, timelines } = await runSoak(folder, options, say)
  say(renderReport(report))
  if (timelines !== '') say(`${timelines}\n`)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`)
  const isAsPromised = isGood(report)
  if (isAsPromised && !options.keep) await rm(folder, { recursive: true, force: true })
  else say(`all logs: ${folder}`)
  say(isAsPromised ? 'as promised' : 'NOT as promised')
  return isAsPromised ? 0 : 1
}

function readArguments(): SoakOptions | number {
  try {
    const options = readOptions(process.argv.slice(2))
    if (options !== 'help') return options
    say(HELP)
    return 0
  } catch (error) {
    process.stderr.write(`pnpm soak: ${error instanceof Error ? error.message : String(error)}\n`)
    return 2
  }
}

process.exitCode = await main()
