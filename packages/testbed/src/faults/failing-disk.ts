import type { Store } from '@ticketing/local-aws'

/** The failures of the disk or the machine below the embedded cloud's store. */
type DiskFaultKind = 'disk-full' | 'too-many-files' | 'damaged-page' | 'short-read'

/** A double of the disk, between a cloud and its store. */
export interface FailingDisk {
  /** For a cloud's `wrapStore`. */
  readonly wrap: (store: Store) => Store
  /** The disk fails the synchronous part of `run`. */
  during<Result>(kind: DiskFaultKind, run: () => Promise<Result>): Promise<Result>
}

/** Makes a disk that works until `during` is called. Then statements fail with SQLite's own errors, where SQLite would fail. */
export function createFailingDisk(): FailingDisk {
  let failing: DiskFaultKind | undefined
  return {
    wrap: (store) => wrapStore(store, () => failing),
    during: (kind, run) => {
      failing = kind
      try {
        return run()
      } finally {
        failing = undefined
      }
    },
  }
}

const WRITES = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b/iu

function wrapStore(store: Store, failing: () => DiskFaultKind | undefined): Store {
  /** In this transaction. A commit without writes needs no space. */
  let hasWritten = false
  const touch = (text: string): void => {
    const kind = failing()
    if (kind === 'too-many-files' || kind === 'damaged-page') throw sqliteError(kind)
    if (!WRITES.test(text)) return
    if (store.isTransaction) hasWritten = true
    else if (kind === 'disk-full') throw sqliteError(kind)
  }
  const cut = <Row extends object | undefined>(row: Row): Row =>
    row && failing() === 'short-read' ? halveBytes(row) : row
  return {
    get isOpen() {
      return store.isOpen
    },
    get isTransaction() {
      return store.isTransaction
    },
    close: () => store.close(),
    exec(text) {
      if (text.startsWith('BEGIN')) {
        touch(text)
        hasWritten = false
      }
      if (text === 'COMMIT' && hasWritten && failing() === 'disk-full') throw sqliteError('disk-full')
      store.exec(text)
    },
    prepare(text) {
      const statement = store.prepare(text)
      return {
        tables: statement.tables,
        run(...values) {
          touch(text)
          return statement.run(...values)
        },
        get(...values) {
          touch(text)
          return cut(statement.get(...values))
        },
        all(...values) {
          touch(text)
          return statement.all(...values).map(cut)
        },
      }
    },
  }
}

function halveBytes<Row extends object>(row: Row): Row {
  const halved = Object.entries(row).flatMap(([name, value]: [string, unknown]) =>
    value instanceof Uint8Array ? [[name, value.subarray(0, value.length >> 1)] as const] : [],
  )
  return Object.assign({}, row, Object.fromEntries(halved))
}

/** https://www.sqlite.org/rescode.html */
const ERRORS = {
  'disk-full': [13, 'database or disk is full'],
  'too-many-files': [14, 'unable to open database file'],
  'damaged-page': [11, 'database disk image is malformed'],
} as const

function sqliteError(kind: keyof typeof ERRORS): Error {
  const [errcode, errstr] = ERRORS[kind]
  return Object.assign(new Error(errstr), { code: 'ERR_SQLITE_ERROR', errcode, errstr })
}
