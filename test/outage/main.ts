/** `pnpm scenario outage`: a vendor is down for 20 minutes and for 6 hours, on the virtual clock; counts and plots. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { chartsOf } from './charts.ts'
import { drawPlot, type Chart } from './plot.ts'
import { isGood, renderReport } from './report.ts'
import { runOutage, type OutageFigures } from './run-outage.ts'

const HELP = `pnpm scenario outage     Trello with 500 tickets and Slack with 300 are down for 20 minutes and for 6 hours, in virtual time
  --seed N        draws the same again (default 1)
  --plots DIR     where the plots go (default docs/plots)
Exit code 1 when a ticket is lost, dead or doubled, or a vendor's limit is broken.`

const MINUTE = 60_000
const VENDORS = [
  { vendor: 'trello', name: 'Trello', tickets: 500, priority: 'medium' },
  { vendor: 'slack', name: 'Slack', tickets: 300, priority: 'high' },
] as const
const OUTAGES = [
  { lastsMs: 20 * MINUTE, name: '20 minutes' },
  { lastsMs: 360 * MINUTE, name: '6 hours' },
] as const

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function outage(seed: number, plots: string): Promise<boolean> {
  const all: OutageFigures[] = []
  await mkdir(plots, { recursive: true })
  for (const { vendor, name, tickets, priority } of VENDORS) {
    const columns: Chart[][] = []
    for (const { lastsMs, name: howLong } of OUTAGES) {
      say(`\n${name} is down for ${howLong}, ${tickets} ${priority} tickets wait, seed ${seed}`)
      const figures = await runOutage({
        vendor,
        lastsMs,
        seed,
        priorities: Array.from({ length: tickets }, () => priority),
      })
      say(renderReport(figures))
      columns.push(chartsOf(figures, howLong))
      all.push(figures)
    }
    const file = join(plots, `outage-${vendor}.svg`)
    await writeFile(file, drawPlot(`${name} is down, ${tickets} tickets wait (seed ${seed})`, columns))
    say(`\nplot: ${relative('', file)}`)
  }
  return all.every(isGood)
}

function readArguments(): { readonly seed: number; readonly plots: string } | string {
  const text = { type: 'string' } as const
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: text, plots: text } })
    const [name, ...more] = positionals
    if (name !== 'outage' || more.length > 0)
      return `expected the scenario's name, "outage", got ${positionals.length === 0 ? 'none' : `"${positionals.join(' ')}"`}`
    const seed = Number(values.seed ?? 1)
    if (!Number.isSafeInteger(seed) || seed < 0) return `--seed: expected a whole number from 0, got "${values.seed}"`
    return { seed, plots: values.plots ?? join(import.meta.dirname, '../../docs/plots') }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    say(HELP)
    return 0
  }
  const read = readArguments()
  if (typeof read === 'string') {
    process.stderr.write(`pnpm scenario: ${read}\n`)
    return 2
  }
  return (await outage(read.seed, read.plots)) ? 0 : 1
}

process.exitCode = await main()
