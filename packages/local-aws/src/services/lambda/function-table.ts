import { bytesOf, textOf, type Row, type Sql } from '../../sql.ts'
import type { FunctionRecord } from './function-record.ts'

/** The functions of the store. */
export interface FunctionTable {
  find(key: { region: string; name: string; version?: string | undefined }): FunctionRecord | undefined
  /** All versions of one function, oldest first, `$LATEST` in front. */
  versions(region: string, name: string): readonly FunctionRecord[]
  /** `$LATEST` of each function, by name. */
  list(region: string): readonly FunctionRecord[]
  save(record: FunctionRecord, zip?: Uint8Array): void
  /** One version, or the whole function with aliases, policies and URLs. */
  remove(key: { region: string; name: string; version?: string | undefined }): void
  zip(codeSha256: string): Uint8Array
  /** The same; undefined if no function has it. */
  findZip(codeSha256: string): Uint8Array | undefined
}

export function createFunctionTable(sql: Sql): FunctionTable {
  const dropUnusedCode = (): void => {
    sql.run('DELETE FROM lambda_code WHERE sha256 NOT IN (SELECT sha256 FROM lambda_functions)')
  }
  const findZip = (codeSha256: string): Uint8Array | undefined => {
    const row = sql.one('SELECT zip FROM lambda_code WHERE sha256 = ?', codeSha256)
    return row && bytesOf(row, 'zip')
  }
  return {
    findZip,
    find: ({ region, name, version = '$LATEST' }) =>
      read(
        sql.one(
          'SELECT body FROM lambda_functions WHERE region = ? AND name = ? AND version = ?',
          region,
          name,
          version,
        ),
      ),
    versions: (region, name) =>
      sql
        .all('SELECT body FROM lambda_functions WHERE region = ? AND name = ?', region, name)
        .map(parse)
        .toSorted((a, b) => order(a) - order(b)),
    list: (region) =>
      sql
        .all("SELECT body FROM lambda_functions WHERE region = ? AND version = '$LATEST' ORDER BY name", region)
        .map(parse),
    save(record, zip) {
      sql.atomically(() => {
        if (zip) sql.run('INSERT OR IGNORE INTO lambda_code (sha256, zip) VALUES (?, ?)', record.codeSha256, zip)
        sql.run(
          'INSERT OR REPLACE INTO lambda_functions (region, name, version, sha256, body) VALUES (?, ?, ?, ?, ?)',
          record.region,
          record.name,
          record.version,
          record.codeSha256,
          JSON.stringify(record),
        )
        if (zip) dropUnusedCode()
      })
    },
    remove({ region, name, version }) {
      sql.atomically(() => {
        if (version === undefined) {
          sql.run('DELETE FROM lambda_functions WHERE region = ? AND name = ?', region, name)
          for (const table of ['lambda_aliases', 'lambda_policies', 'lambda_urls']) {
            sql.run(`DELETE FROM ${table} WHERE region = ? AND function = ?`, region, name)
          }
        } else {
          sql.run('DELETE FROM lambda_functions WHERE region = ? AND name = ? AND version = ?', region, name, version)
        }
        dropUnusedCode()
      })
    },
    zip(codeSha256) {
      const zip = findZip(codeSha256)
      if (!zip) throw new Error(`the store holds no code with digest ${codeSha256}`)
      return zip
    },
  }
}

function order({ version }: FunctionRecord): number {
  return version === '$LATEST' ? 0 : Number(version)
}

function read(row: Row | undefined): FunctionRecord | undefined {
  return row && parse(row)
}

/** Only this file writes these rows, so they have the saved shape. */
function parse(row: Row): FunctionRecord {
  const record: FunctionRecord = JSON.parse(textOf(row, 'body'))
  return record
}
