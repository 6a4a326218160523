import { constants, DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'

/**
 * One SQLite database for the whole cloud; each service owns its tables (`CREATE TABLE IF NOT EXISTS sqs_…`). An
 * interface, so that a test can put a failing disk in between.
 */
export interface Store {
  readonly isOpen: boolean
  readonly isTransaction: boolean
  exec(statements: string): void
  prepare(statement: string): Statement
  close(): void
}

/** A store with its database's image, for a copy in memory. */
export interface Database extends Store {
  serialize(): Uint8Array
  deserialize(image: Uint8Array): void
}

/** The tables of a statement, also those that a foreign key reaches. */
export interface StatementTables {
  readonly reads: ReadonlySet<string>
  readonly writes: ReadonlySet<string>
}

/** A statement that is compiled. */
export interface Statement {
  readonly tables: StatementTables
  run(...values: SQLInputValue[]): { readonly changes: number | bigint }
  get(...values: SQLInputValue[]): Row | undefined
  all(...values: SQLInputValue[]): Row[]
}

/** One row as SQLite gives it; `sql.ts` has functions that read its columns. */
export type Row = Readonly<Record<string, SQLOutputValue>>

/** Increased with each incompatible change of the tables: a store of another format is refused. */
const FORMAT = 1

/** The file cannot be used as a store; nothing was written to it. The message says what to do. */
export class StoreUnusable extends Error {
  override readonly name = 'StoreUnusable'
  /** `out-of-reach`: it cannot be opened, read or written. */
  readonly code: 'damaged' | 'other-format' | 'out-of-reach'

  constructor(code: StoreUnusable['code'], path: string, { reason, cause }: { reason: string; cause?: unknown }) {
    super(`${path} cannot be used: ${reason}. ${ADVICE[code]}`, { cause })
    this.code = code
  }
}

const ADVICE: Readonly<Record<StoreUnusable['code'], string>> = {
  damaged: 'Nothing was changed in it. Move or delete it to start with an empty store.',
  'other-format':
    'Nothing was changed in it. Use the version that made it, or move or delete it to start with an empty store.',
  'out-of-reach': 'Choose a folder that is writable and that no other process uses as a store.',
}

/**
 * Opens the store: a file, or `:memory:`. Write-ahead log with `synchronous=NORMAL`: acknowledged writes survive a
 * killed process, but not a power failure. Throws {@link StoreUnusable} for a file that is damaged, not ours, or out
 * of reach.
 */
export function openStore(path: string): Database {
  const database = openChecked(path)
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000')
  const compile = observeTables(database)
  return {
    get isOpen() {
      return database.isOpen
    },
    get isTransaction() {
      return database.isTransaction
    },
    exec: (statements) => database.exec(statements),
    prepare(text) {
      const { statement, tables } = compile(text)
      return {
        tables,
        run: (...values) => statement.run(...values),
        get: (...values) => statement.get(...values),
        all: (...values) => statement.all(...values),
      }
    },
    serialize: () => database.serialize(),
    deserialize: (image) => database.deserialize(image),
    close: () => database.close(),
  }
}

type Compile = (text: string) => { readonly statement: StatementSync; readonly tables: StatementTables }

const { SQLITE_READ, SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE, SQLITE_OK } = constants

/** SQLite itself names the tables of a statement while it compiles it: https://www.sqlite.org/c3ref/set_authorizer.html */
function observeTables(database: DatabaseSync): Compile {
  let found: { readonly reads: Set<string>; readonly writes: Set<string> } | undefined
  database.setAuthorizer((action, table) => {
    if (action === SQLITE_READ) found?.reads.add(String(table))
    if (action === SQLITE_INSERT || action === SQLITE_UPDATE || action === SQLITE_DELETE)
      found?.writes.add(String(table))
    return SQLITE_OK
  })
  return (text) => {
    const tables = { reads: new Set<string>(), writes: new Set<string>() }
    found = tables
    try {
      return { statement: database.prepare(text), tables }
    } finally {
      // After a change of the schema SQLite compiles statements again.
      found = undefined
    }
  }
}

function openChecked(path: string): DatabaseSync {
  let store: DatabaseSync | undefined
  try {
    store = new DatabaseSync(path)
    store.exec('PRAGMA busy_timeout=5000')
    checkContent(store, path)
    return store
  } catch (error) {
    store?.close()
    if (error instanceof StoreUnusable) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreUnusable(isDamage(error) ? 'damaged' : 'out-of-reach', path, { reason, cause: error })
  }
}

function checkContent(store: DatabaseSync, path: string): void {
  const isNew = store.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  const format = store.prepare('PRAGMA user_version').get()?.['user_version']
  if (!isNew && format !== FORMAT)
    throw new StoreUnusable('other-format', path, { reason: `its format is ${String(format)}, and this is ${FORMAT}` })
  const found = store.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
  if (found !== 'ok') throw new StoreUnusable('damaged', path, { reason: String(found).replaceAll(/\s+/g, ' ') })
  // This also checks that the folder is writable.
  store.exec(`BEGIN IMMEDIATE; PRAGMA user_version=${FORMAT}; COMMIT`)
}

/** 11: corrupt, 26: not a database, with extended codes above them. https://www.sqlite.org/rescode.html */
function isDamage(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined
  return typeof code === 'number' && [11, 26].includes(code % 256)
}
