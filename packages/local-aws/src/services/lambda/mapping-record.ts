import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda'
import { textOf, type Row, type Sql } from '../../sql.ts'

/** A stored event source mapping. */
export interface MappingRecord {
  readonly uuid: string
  readonly region: string
  readonly accountId: string
  readonly queueArn: string
  readonly functionName: string
  readonly qualifier: string | undefined
  readonly functionArn: string
  readonly batchSize: number
  readonly windowSeconds: number
  readonly maximumConcurrency: number | undefined
  readonly reportBatchItemFailures: boolean
  readonly enabled: boolean
  readonly lastModified: number
  readonly tags: Readonly<Record<string, string>>
}

export function findMapping(sql: Sql, uuid: string): MappingRecord | undefined {
  const row = sql.one('SELECT body FROM lambda_mappings WHERE uuid = ?', uuid)
  return row && parse(row)
}

/** All of them, or those of one region. */
export function listMappings(sql: Sql, region?: string): readonly MappingRecord[] {
  const rows =
    region === undefined
      ? sql.all('SELECT body FROM lambda_mappings ORDER BY rowid')
      : sql.all('SELECT body FROM lambda_mappings WHERE region = ? ORDER BY rowid', region)
  return rows.map(parse)
}

export function saveMapping(sql: Sql, record: MappingRecord): void {
  sql.run(
    'INSERT INTO lambda_mappings (uuid, region, body) VALUES (?, ?, ?) ON CONFLICT (uuid) DO UPDATE SET body = excluded.body',
    record.uuid,
    record.region,
    JSON.stringify(record),
  )
}

export function removeMapping(sql: Sql, uuid: string): void {
  sql.run('DELETE FROM lambda_mappings WHERE uuid = ?', uuid)
}

/** The record as the API shows it. */
export function mappingConfiguration(record: MappingRecord, state: string): EventSourceMappingConfiguration {
  const { uuid, region, accountId } = record
  return {
    UUID: uuid,
    EventSourceMappingArn: `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${uuid}`,
    EventSourceArn: record.queueArn,
    FunctionArn: record.functionArn,
    BatchSize: record.batchSize,
    MaximumBatchingWindowInSeconds: record.windowSeconds,
    FunctionResponseTypes: record.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(record.maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: record.maximumConcurrency } }),
    LastModified: new Date(record.lastModified),
    State: state,
    StateTransitionReason: 'USER_INITIATED',
  }
}

function parse(row: Row): MappingRecord {
  const record: MappingRecord = JSON.parse(textOf(row, 'body'))
  return record
}
