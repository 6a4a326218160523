import type { UnfiredFaults } from '../faults/create-faults.ts'
import type { Journal } from '../journal/create-journal.ts'

/** Hears of every testbed of this process, by its journal: a test runner's part in them. */
export interface TestbedWatcher {
  started(journal: Journal): void
  stopped(journal: Journal): void
  /** Faults that never fired, of a testbed that was disposed of: to be told unless its test failed anyway. */
  unfired(error: UnfiredFaults): void
}

let watcher: TestbedWatcher | undefined

/** There is one watcher; the last one counts. */
export function watchTestbeds(next: TestbedWatcher): void {
  watcher = next
}

export function currentWatcher(): TestbedWatcher | undefined {
  return watcher
}
