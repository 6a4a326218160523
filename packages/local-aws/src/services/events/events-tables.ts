import type { Store } from '../../store.ts'

/** Rules with their targets and tags, as JSON. */
export function openEventsTables(store: Store): void {
  store.exec(
    'CREATE TABLE IF NOT EXISTS events_rules (region TEXT, name TEXT, body TEXT NOT NULL, PRIMARY KEY (region, name))',
  )
}
