import { isObjectId } from './object-id.ts'

/** The value of `since` or `before`: an id, or an instant. */
type Bound =
  | { readonly kind: 'none' }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'time'; readonly time: number }

/** Reads an id or a date. `undefined` for anything else. */
export function readBound(bound: string | null): Bound | undefined {
  if (bound === null || bound === '' || bound === 'null') return { kind: 'none' }
  if (isObjectId(bound)) return { kind: 'id', id: bound }
  const time = Date.parse(bound)
  return Number.isNaN(time) ? undefined : { kind: 'time', time }
}

/** Whether something lies between the bounds. `since` includes its instant, but not its id; `before` neither. */
export function isWithin(
  { id, time }: { readonly id: string; readonly time: number },
  { since, before }: { readonly since: Bound; readonly before: Bound },
): boolean {
  const isAfter = since.kind === 'none' || (since.kind === 'id' ? id > since.id : time >= since.time)
  const isBefore = before.kind === 'none' || (before.kind === 'id' ? id < before.id : time < before.time)
  return isAfter && isBefore
}
