import { writeScalar } from './scalar.ts'
import { bytes, noBytes, type WireAnswer } from './protocol.ts'
import type { Member, Shape } from './shape.ts'

/** An output, split into status, headers and body. */
export interface RestOutput {
  readonly status: number
  readonly headers: Record<string, string>
  /** The member that is the body, if one is. */
  readonly payload: { readonly member: Member; readonly value: unknown } | undefined
  /** Members of a body that is a document of its own. */
  readonly body: readonly Member[]
}

/**
 * Splits an output by its bindings. `$metadata.httpStatusCode` in it, as the SDK's outputs have it, sets the status
 * (S3 answers a range with 206, which no member says).
 */
export function splitOutput({ operation, output }: WireAnswer): RestOutput {
  const headers: Record<string, string> = {}
  const body: Member[] = []
  let status = statusOf(output) ?? operation.http?.status ?? 200
  let payload: RestOutput['payload']
  for (const member of operation.output.members) {
    const value = output[member.name]
    if (member.payload) payload = { member, value }
    else if (member.status) status = typeof value === 'number' ? value : status
    else if (member.header !== undefined) {
      if (value !== undefined && value !== null) headers[member.header.toLowerCase()] = headerText(member.shape, value)
    } else if (member.headerPrefix !== undefined) {
      if (typeof value !== 'object' || value === null) continue
      for (const [name, text] of Object.entries(value))
        headers[(member.headerPrefix + name).toLowerCase()] = String(text)
    } else body.push(member)
  }
  return { status, headers, payload, body }
}

function statusOf(output: Readonly<Record<string, unknown>>): number | undefined {
  const metadata = output['$metadata']
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}

function headerText(shape: Shape, value: unknown): string {
  if (shape.kind === 'list')
    return Array.isArray(value) ? value.map((item: unknown) => headerText(shape.item.shape, item)).join(', ') : ''
  if (shape.kind === 'structure' || shape.kind === 'map') return JSON.stringify(value)
  return writeScalar(shape, value, 'http-date')
}

/** A payload of bytes or text; `undefined` if it is a structure. */
export function rawPayload(value: unknown): Uint8Array | undefined {
  if (value === undefined || value === null) return noBytes
  if (value instanceof Uint8Array) return value
  return typeof value === 'string' ? bytes(value) : undefined
}
