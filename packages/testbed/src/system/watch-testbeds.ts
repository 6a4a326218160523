import type { Testbed } from './testbed.ts'

/** What a watcher needs of a testbed. To stop it again is harmless. */
export type WatchedTestbed = Pick<Testbed, 'journal' | 'stop'>

/** Hears of every testbed of this process: a test runner's part in them. */
export interface TestbedWatcher {
  started(bed: WatchedTestbed): void
  /** What the end of a testbed found that was disposed of (`UnfiredFaults`, `RealTimeUsed`): to be told unless its test failed anyway. */
  found(error: Error): void
}

let watcher: TestbedWatcher | undefined

/** There is one watcher; the last one counts. */
export function watchTestbeds(next: TestbedWatcher): void {
  watcher = next
}

export function currentWatcher(): TestbedWatcher | undefined {
  return watcher
}
