import { type SweepCursors, SWEEP } from 'ticket-core'
import { createConditionalStore } from './conditional-store.ts'
import type { StoreSettings } from './create-ledger.ts'
import { readSweepCursor } from './records.ts'

/** How far a vendor's actions were read: `sweep/<vendor>.json`. */
export function createSweepCursors({ timeoutMs = 4500, ...bucket }: StoreSettings): SweepCursors {
  return createConditionalStore({
    ...bucket,
    prefix: SWEEP,
    timeoutMs,
    readItem: readSweepCursor,
    isOf: (cursor, key) => cursor.key === key,
  })
}
