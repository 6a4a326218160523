import type { Store } from '../../store.ts'

/** Functions, versions, aliases, policies, URLs, event source mappings and accepted events. Bodies are JSON. */
export function openLambdaTables(store: Store): void {
  store.exec(`
    CREATE TABLE IF NOT EXISTS lambda_code (sha256 TEXT PRIMARY KEY, zip BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS lambda_functions (
      region TEXT, name TEXT, version TEXT, sha256 TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (region, name, version));
    CREATE TABLE IF NOT EXISTS lambda_aliases (
      region TEXT, function TEXT, name TEXT, body TEXT NOT NULL, PRIMARY KEY (region, function, name));
    CREATE TABLE IF NOT EXISTS lambda_policies (
      region TEXT, function TEXT, qualifier TEXT, body TEXT NOT NULL, PRIMARY KEY (region, function, qualifier));
    CREATE TABLE IF NOT EXISTS lambda_urls (
      region TEXT, function TEXT, qualifier TEXT, id TEXT UNIQUE, body TEXT NOT NULL,
      PRIMARY KEY (region, function, qualifier));
    CREATE TABLE IF NOT EXISTS lambda_mappings (uuid TEXT PRIMARY KEY, region TEXT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS lambda_events (id TEXT PRIMARY KEY, body TEXT NOT NULL);
  `)
}
