import type { Store } from '../../store.ts'

export const IAM_TABLES = [
  'iam_roles',
  'iam_role_policies',
  'iam_policies',
  'iam_policy_versions',
  'iam_attachments',
  'iam_tags',
] as const

/** Creates IAM's tables if they are missing. Names are unique without regard to case, and looked up with it. */
export function openIamTables(store: Store): void {
  store.exec(`
    CREATE TABLE IF NOT EXISTS iam_roles (
      account TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, path TEXT NOT NULL, id TEXT NOT NULL, trust TEXT NOT NULL,
      description TEXT, max_session INTEGER NOT NULL, boundary TEXT, created INTEGER NOT NULL,
      PRIMARY KEY (account, name)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS iam_role_policies (
      account TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
      PRIMARY KEY (account, role, name)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS iam_policies (
      arn TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, path TEXT NOT NULL, id TEXT NOT NULL,
      description TEXT, created INTEGER NOT NULL, updated INTEGER NOT NULL, last_version INTEGER NOT NULL,
      default_version INTEGER NOT NULL, UNIQUE (account, name)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS iam_policy_versions (
      arn TEXT NOT NULL REFERENCES iam_policies ON DELETE CASCADE, version INTEGER NOT NULL, document TEXT NOT NULL,
      created INTEGER NOT NULL, PRIMARY KEY (arn, version)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS iam_attachments (
      account TEXT NOT NULL, role TEXT NOT NULL, policy_arn TEXT NOT NULL, PRIMARY KEY (account, role, policy_arn)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS iam_tags (
      arn TEXT NOT NULL, key TEXT NOT NULL COLLATE NOCASE, value TEXT NOT NULL, PRIMARY KEY (arn, key)
    ) WITHOUT ROWID;
  `)
}
