/** A value from an instant on (milliseconds since the start), until the next point. */
export interface Point {
  readonly at: number
  readonly value: number
}

/** What changes add up to, one point for each instant. */
export function sumUp(changes: readonly { readonly at: number; readonly by: number }[]): Point[] {
  const points = new Map<number, number>([[0, 0]])
  let sum = 0
  for (const { at, by } of changes.toSorted((a, b) => a.at - b.at)) {
    sum += by
    points.set(at, sum)
  }
  return [...points].map(([at, value]) => ({ at, value }))
}

/** At each instant how many of these lie in the `windowMs` that end with it. */
export function countInWindow(instants: readonly number[], windowMs: number): Point[] {
  return sumUp(
    instants.flatMap((at) => [
      { at, by: 1 },
      { at: at + windowMs, by: -1 },
    ]),
  )
}

export function largest(curve: readonly Point[]): number {
  return Math.max(0, ...curve.map(({ value }) => value))
}

export function valueAt(curve: readonly Point[], instant: number): number {
  return curve.findLast(({ at }) => at <= instant)?.value ?? 0
}
