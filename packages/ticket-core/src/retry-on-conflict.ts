import type { Absent, Conflict, Found } from './ports/stores.ts'

/** After so many conflicts in a row the work is left for later. */
export const MAX_CONFLICTS = 5

/**
 * Does work that reads, decides and writes on condition that nothing changed in between. After a conflict the work
 * starts again, at the reading. After {@link MAX_CONFLICTS} of them, `otherwise` gives the result.
 */
export async function retryOnConflict<Result>(
  work: () => Promise<Result | Conflict>,
  otherwise: () => Result,
): Promise<Result> {
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    const result = await work()
    if (!isConflict(result)) return result
  }
  return otherwise()
}

/** The condition of a write: what was read is still there, unchanged. */
export function unchanged(stored: Found<unknown> | Absent): { readonly version: string } | 'absent' {
  return stored.kind === 'found' ? { version: stored.version } : 'absent'
}

function isConflict(result: unknown): result is Conflict {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'conflict'
}
