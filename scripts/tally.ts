import { readTally } from './run-vitest.ts'

// The one line that a CI can count, from all of Vitest's own reports.
const { passed, failed, skipped } = await readTally()
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
