import type { Store } from '../../store.ts'

/**
 * Creates Secrets Manager's tables if they are missing. A secret has versions; a stage names one version of it.
 * `purge_at` is set while a secret waits for its deletion.
 */
export function openSecretsTables(store: Store): void {
  store.exec(`
    CREATE TABLE IF NOT EXISTS sm_secrets (
      id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
      arn TEXT NOT NULL UNIQUE, description TEXT, kms_key TEXT, type TEXT, policy TEXT, created INTEGER NOT NULL,
      changed INTEGER NOT NULL, accessed INTEGER, purge_at INTEGER, UNIQUE (account, region, name)
    );
    CREATE TABLE IF NOT EXISTS sm_versions (
      secret INTEGER NOT NULL REFERENCES sm_secrets ON DELETE CASCADE, id TEXT NOT NULL, text TEXT, bytes BLOB,
      created INTEGER NOT NULL, accessed INTEGER, number INTEGER NOT NULL, PRIMARY KEY (secret, id)
    );
    CREATE TABLE IF NOT EXISTS sm_stages (
      secret INTEGER NOT NULL REFERENCES sm_secrets ON DELETE CASCADE, stage TEXT NOT NULL, version TEXT NOT NULL,
      PRIMARY KEY (secret, stage)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sm_tags (
      secret INTEGER NOT NULL REFERENCES sm_secrets ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
      PRIMARY KEY (secret, key)
    ) WITHOUT ROWID;
  `)
}
