import { isRecord } from './is-record.ts'
import { bytes } from './protocol.ts'
import type { Api, OperationShape } from './api.ts'
import type { Member, Shape } from './shape.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * An SDK client's input as it would be after serialising and parsing. `undefined` if that could change it (text that
 * a header or a path encodes, dates, values of a wrong type, defaults of the SDK).
 */
export function readMembers({ protocol }: Api, operation: OperationShape, given: Fields): Fields | undefined {
  if (protocol !== 'aws-json' && protocol !== 'rest-xml') return undefined
  const input: Record<string, unknown> = {}
  for (const member of operation.input.members) {
    const value = given[member.name]
    if (value === undefined || value === null) {
      if (member.isToken) return undefined
      continue
    }
    const read = protocol === 'rest-xml' ? readBound(member, value, given) : readValue(member.shape, value)
    if (read === undefined) return undefined
    input[member.name] = read
  }
  return input
}

/** Text that a path, a query and a header transfer unchanged. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/

function readBound(member: Member, value: unknown, given: Fields): unknown {
  if (member.payload) {
    // The SDK sets the type of a body that has none.
    if (member.shape.kind !== 'blob' || given['ContentType'] === undefined) return undefined
    const read = readValue(member.shape, value)
    return read instanceof Uint8Array && read.byteLength > 0 ? read : undefined
  }
  const isBound = member.label || member.query !== undefined || member.header !== undefined
  if (!isBound || (member.shape.kind === 'string' && !PLAIN.test(String(value)))) return undefined
  return isScalar(member.shape) ? readValue(member.shape, value) : undefined
}

function isScalar({ kind }: Shape): boolean {
  return kind === 'string' || kind === 'number' || kind === 'boolean'
}

function readValue(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' && value.isWellFormed() ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'number':
      return Number.isFinite(value) ? value : undefined
    case 'blob':
      return typeof value === 'string' ? bytes(value) : value instanceof Uint8Array ? value : undefined
    case 'list':
      return Array.isArray(value) ? readAll(value, shape.item.shape) : undefined
    case 'map':
      return isRecord(value) ? readEntries(value, shape.value.shape) : undefined
    case 'structure':
      return isRecord(value) ? readStructure(shape.members, value) : undefined
    case 'timestamp':
    case 'document':
      return undefined
  }
}

function readAll(values: readonly unknown[], shape: Shape): readonly unknown[] | undefined {
  const read = values.map((value) => readValue(shape, value))
  return read.includes(undefined) ? undefined : read
}

function readEntries(value: Fields, shape: Shape): Fields | undefined {
  const read = Object.entries(value).map(([key, item]): [string, unknown] => [key, readValue(shape, item)])
  return read.every(([, item]) => item !== undefined) ? Object.fromEntries(read) : undefined
}

function readStructure(members: readonly Member[], value: Fields): Fields | undefined {
  const given = members.filter(({ name }) => value[name] !== undefined && value[name] !== null)
  const read = given.map(({ name, shape }): [string, unknown] => [name, readValue(shape, value[name])])
  return read.every(([, item]) => item !== undefined) ? Object.fromEntries(read) : undefined
}
