import { ALWAYS_HERE } from './projects.ts'
import { readTally, runVitest } from './run-vitest.ts'

// `pnpm test:repeat 20`: so many times in a row what `pnpm test` runs, without the parts that need Docker, which take
// minutes each; the first red run ends it.
const times = Number(process.argv[2] ?? '20')
if (!Number.isInteger(times) || times < 1) {
  console.error(`test:repeat: expected how many times, a whole number from 1, for example \`pnpm test:repeat 20\``)
  process.exit(2)
}
const args = process.argv.slice(3)
const named = args.some((arg) => arg.startsWith('--project')) ? [] : ALWAYS_HERE.map((name) => `--project=${name}`)
for (let run = 1; run <= times; run += 1) {
  const start = performance.now()
  const code = await runVitest([...named, ...args])
  const { passed, failed, skipped } = await readTally('vitest')
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`run ${run} of ${times}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`)
  if (code !== 0) process.exit(code)
  if (passed === 0) {
    console.error('test:repeat: no test ran: a run in which nothing is tested is not green')
    process.exit(1)
  }
}
console.log(`${times} runs in a row were green`)
