import type { Store } from '../../store.ts'

/**
 * Creates S3's tables if they are missing. Text is compared by its UTF-8 bytes, which is the order in which S3 lists
 * keys. A body has one chunk, or one for each uploaded part.
 */
export function openS3Tables(store: Store): void {
  store.exec(`
    CREATE TABLE IF NOT EXISTS s3_buckets (
      name TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, location TEXT, created INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS s3_bucket_settings (
      bucket TEXT NOT NULL REFERENCES s3_buckets ON DELETE CASCADE, kind TEXT NOT NULL, value TEXT NOT NULL,
      PRIMARY KEY (bucket, kind)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS s3_objects (
      id INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL REFERENCES s3_buckets, key TEXT NOT NULL,
      size INTEGER NOT NULL, etag TEXT NOT NULL, modified INTEGER NOT NULL, parts INTEGER, headers TEXT NOT NULL,
      metadata TEXT NOT NULL, tags TEXT NOT NULL, checksum_algorithm TEXT NOT NULL, checksum_type TEXT NOT NULL,
      checksum TEXT NOT NULL, UNIQUE (bucket, key)
    );
    CREATE TABLE IF NOT EXISTS s3_chunks (
      object INTEGER NOT NULL REFERENCES s3_objects ON DELETE CASCADE, number INTEGER NOT NULL, start INTEGER NOT NULL,
      size INTEGER NOT NULL, checksum TEXT, data BLOB NOT NULL, PRIMARY KEY (object, number)
    );
    CREATE TABLE IF NOT EXISTS s3_uploads (
      id TEXT PRIMARY KEY, bucket TEXT NOT NULL REFERENCES s3_buckets ON DELETE CASCADE, key TEXT NOT NULL,
      started INTEGER NOT NULL, headers TEXT NOT NULL, metadata TEXT NOT NULL, tags TEXT NOT NULL,
      checksum_algorithm TEXT, checksum_type TEXT
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS s3_parts (
      upload TEXT NOT NULL REFERENCES s3_uploads ON DELETE CASCADE, number INTEGER NOT NULL, size INTEGER NOT NULL,
      etag TEXT NOT NULL, checksum TEXT, modified INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (upload, number)
    );
  `)
}
