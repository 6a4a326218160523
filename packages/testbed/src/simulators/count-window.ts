/** The largest number of instants that lie within any `windowMs` milliseconds. The instants come in order. */
function largestWindow(instants: readonly number[], windowMs: number): number {
  let largest = 0
  let first = 0
  for (const [last, instant] of instants.entries()) {
    while ((instants[first] ?? instant) <= instant - windowMs) first += 1
    largest = Math.max(largest, last - first + 1)
  }
  return largest
}

/** The instants of requests by subject (a channel, a token), and the largest count of any subject in a window. */
export interface RequestCounts {
  note(subject: string, now: number): void
  largestWindow(windowMs: number): number
}

export function createRequestCounts(): RequestCounts {
  const instants = new Map<string, number[]>()
  return {
    note: (subject, now) => {
      const known = instants.get(subject)
      if (known) known.push(now)
      else instants.set(subject, [now])
    },
    largestWindow: (windowMs) => Math.max(0, ...[...instants.values()].map((list) => largestWindow(list, windowMs))),
  }
}
