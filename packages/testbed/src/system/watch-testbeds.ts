import type { Testbed } from './testbed.ts'

/** The part of a testbed that a watcher uses. A second stop does nothing. */
export type WatchedTestbed = Pick<Testbed, 'journal' | 'stop'>

/** Gets every testbed of this process: the test runner's hook. */
export interface TestbedWatcher {
  started(bed: WatchedTestbed): void
  /** Gets an error of a disposed testbed (`UnfiredFaults`, `RealTimeUsed`): to be reported if its test did not fail. */
  found(error: Error): void
}

let watcher: TestbedWatcher | undefined

/** Sets the watcher. There is only one. */
export function watchTestbeds(next: TestbedWatcher): void {
  watcher = next
}

export function currentWatcher(): TestbedWatcher | undefined {
  return watcher
}
