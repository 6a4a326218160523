/** Calls `run` after so many milliseconds of real time; the returned function cancels that. */
export type WaitLimit = (ms: number, run: () => void) => () => void

/**
 * Real time, whatever clock the system under test has: a test that waits for something that never comes must end even
 * where the virtual clock stands still. The only timer of the testbed that is not the injected clock's.
 */
export const realWaitLimit: WaitLimit = (ms, run) => {
  // oxlint-disable-next-line no-restricted-globals -- real time on purpose, see above
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
