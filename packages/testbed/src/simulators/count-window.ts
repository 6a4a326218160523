/** The largest number of instants that lie within any `windowMs` milliseconds. The instants come in order. */
export function largestWindow(instants: readonly number[], windowMs: number): number {
  let largest = 0
  let first = 0
  for (const [last, instant] of instants.entries()) {
    while ((instants[first] ?? instant) <= instant - windowMs) first += 1
    largest = Math.max(largest, last - first + 1)
  }
  return largest
}
