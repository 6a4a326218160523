import { AwsError } from './service.ts'

/** Stored data differs from what was written: a body is shorter, or does not match its checksum. */
export class StoredDataDamaged extends Error {
  override readonly name = 'StoredDataDamaged'
}

/** https://www.sqlite.org/rescode.html: the lowest byte, with extended codes above it. */
const SQLITE_DAMAGED: ReadonlySet<number> = new Set([11, 26])
/** Busy, out of memory, read-only, I/O error, disk full, a file that cannot be opened. */
const SQLITE_OUT_OF_REACH: ReadonlySet<number> = new Set([5, 7, 8, 10, 13, 14])
const MACHINE_OUT_OF_REACH: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO', 'EROFS'])

/**
 * AWS's answer where the store, or the machine under it, has failed: `ServiceUnavailable` for a temporary failure (a
 * full disk, no file descriptor), `InternalError` for damage. Undefined for any other error.
 */
export function storageFailure(error: unknown): AwsError | undefined {
  if (!(error instanceof Error)) return undefined
  const kind = kindOf(error)
  if (kind === undefined) return undefined
  const message = `The embedded cloud ${PROBLEM[kind]}: ${error.message}.`
  return kind === 'damaged'
    ? new AwsError('InternalError', `${message} Stop it, and move or delete its store to start with an empty one.`, {
        status: 500,
      })
    : new AwsError('ServiceUnavailable', `${message} Nothing was stored; retry when there is space.`, {
        status: 503,
      })
}

const PROBLEM = {
  damaged: 'found its store damaged',
  'out-of-reach': 'cannot use its store',
} as const

function kindOf(error: Error): keyof typeof PROBLEM | undefined {
  if (error instanceof StoredDataDamaged) return 'damaged'
  const code: unknown = Reflect.get(error, 'code')
  const sqlite: unknown = Reflect.get(error, 'errcode')
  if (typeof sqlite === 'number' && SQLITE_DAMAGED.has(sqlite & 0xff)) return 'damaged'
  if (typeof sqlite === 'number' && SQLITE_OUT_OF_REACH.has(sqlite & 0xff)) return 'out-of-reach'
  return typeof code === 'string' && MACHINE_OUT_OF_REACH.has(code) ? 'out-of-reach' : undefined
}
