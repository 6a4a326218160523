import { runVitest } from './run-vitest.ts'

// `pnpm test`: every test that this machine can run. Arguments go on to Vitest.
process.exitCode = await runVitest(process.argv.slice(2))
