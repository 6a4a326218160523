import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unzipSync } from 'fflate'
import { BUNDLE_NAMES, type BundleName, BUNDLES } from '../src/load-bundles.ts'
import { buildBundles } from '../src/build/build-bundles.ts'

// `pnpm bundle`: makes the functions' zips, reports each one's size, hash and load time, fails over the size budget.

/** Kilobytes of code, unzipped. The AWS clients are nearly all of it. */
const BUDGET_KB: Readonly<Record<BundleName, number>> = {
  low: 900,
  medium: 1000,
  high: 1000,
  news: 1000,
  events: 900,
  dead: 1000,
  intake: 1100,
}
const LOADS = 5

const state = await buildBundles()
console.log(`bundles ${state === 'built' ? 'made' : 'up to date'}: packages/lambdas/bundles/`)
const directory = await mkdtemp(join(tmpdir(), 'ticketing-load-'))
try {
  const bare = await medianLoad(undefined)
  console.log(`bare node starts in ${bare.toFixed(0)} ms (median of ${LOADS})`)
  for (const name of BUNDLE_NAMES) {
    const zip = await readFile(new URL(`${name}.zip`, BUNDLES))
    const code = unzipSync(zip)['index.mjs']
    if (!code) throw new Error(`${name}.zip holds no index.mjs`)
    const file = join(directory, `${name}.mjs`)
    await writeFile(file, code)
    const load = await medianLoad(file)
    const size = code.byteLength / 1024
    const hash = createHash('sha256').update(zip).digest('base64').slice(0, 12)
    console.log(
      `${name.padEnd(7)} ${size.toFixed(0)} KB, zip ${(zip.byteLength / 1024).toFixed(0)} KB, ${hash}, loads in ${load.toFixed(0)} ms (${(load / bare).toFixed(1)} x bare node)`,
    )
    if (size > BUDGET_KB[name]) {
      console.error(
        `${name}: ${size.toFixed(0)} KB is over its budget of ${BUDGET_KB[name]} KB: find what was added, or raise the budget and say why`,
      )
      process.exitCode = 1
    }
  }
} finally {
  await rm(directory, { recursive: true, force: true })
}

/** Milliseconds from spawning node to the handler loaded and the process ended. */
async function medianLoad(file: string | undefined): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < LOADS; run += 1) {
    const start = performance.now()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const code = file === undefined ? '' : `await import(${JSON.stringify(pathToFileURL(file).href)})`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (exit) => (exit === 0 ? resolve() : reject(new Error(`loading ended with ${exit}`))))
    await promise
    times.push(performance.now() - start)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(LOADS / 2)] ?? Number.NaN
}
