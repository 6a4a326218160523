import { readTally, runVitest } from './run-vitest.ts'

// `pnpm test:repeat 20`: the whole suite so many times in a row; the first red run ends it.
const times = Number(process.argv[2] ?? '20')
if (!Number.isInteger(times) || times < 1) {
  console.error(`test:repeat: expected how many times, a whole number from 1, for example \`pnpm test:repeat 20\``)
  process.exit(2)
}
for (let run = 1; run <= times; run += 1) {
  const start = performance.now()
  const code = await runVitest(process.argv.slice(3))
  const { passed, failed, skipped } = await readTally('vitest')
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`run ${run} of ${times}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`)
  if (code !== 0) process.exit(code)
}
console.log(`${times} runs in a row were green`)
