import { AwsError } from '../service.ts'
import { isRecord } from './is-record.ts'
import { readTimestamp } from './timestamp.ts'
import type { Scalar, Shape, StructureShape } from './shape.ts'

/** A parsed JSON value to typed input. Members that the model does not know are dropped, as AWS drops them. */
export function readJsonValue(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'structure':
      return readJsonStructure(shape, value)
    case 'list': {
      if (!Array.isArray(value)) throw refuse(value, 'list')
      return value.map((item: unknown) => readJsonValue(shape.item.shape, item))
    }
    case 'map': {
      const read: Record<string, unknown> = {}
      for (const [key, item] of Object.entries(asObject(value))) {
        if (item !== null) define(read, key, readJsonValue(shape.value.shape, item))
      }
      return read
    }
    default:
      return readJsonScalar(shape, value)
  }
}

/** The body's members of a structure. */
export function readJsonStructure(shape: StructureShape, value: unknown): Record<string, unknown> {
  const object = asObject(value)
  const read: Record<string, unknown> = {}
  for (const member of shape.members) {
    const item = object[member.jsonName ?? member.name]
    if (item !== undefined && item !== null) read[member.name] = readJsonValue(member.shape, item)
  }
  return read
}

function readJsonScalar(shape: Scalar, value: unknown): unknown {
  switch (shape.kind) {
    case 'document':
      return value
    case 'string':
      if (typeof value === 'string') return value
      throw refuse(value, 'String')
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw refuse(value, 'Boolean')
    case 'number':
      if (typeof value === 'number') return value
      throw refuse(value, 'Integer')
    case 'blob':
      if (typeof value === 'string') return new Uint8Array(Buffer.from(value, 'base64'))
      throw refuse(value, 'Blob')
    case 'timestamp': {
      const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined
      const format = typeof value === 'number' ? 'epoch-seconds' : (shape.format ?? 'date-time')
      const instant = text === undefined ? undefined : readTimestamp(text, format)
      if (instant) return instant
      throw refuse(value, 'Timestamp')
    }
  }
}

/** Typed output to the argument of `JSON.stringify`. Members that are not in the model are dropped. */
export function writeJsonValue(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'structure':
      return writeJsonStructure(shape, value)
    case 'list':
      return Array.isArray(value) ? value.map((item: unknown) => writeJsonValue(shape.item.shape, item)) : []
    case 'map': {
      const written: Record<string, unknown> = {}
      for (const [key, item] of Object.entries(asObject(value)))
        define(written, key, writeJsonValue(shape.value.shape, item))
      return written
    }
    case 'blob':
      if (value instanceof Uint8Array)
        return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      return typeof value === 'string' ? Buffer.from(value, 'utf8').toString('base64') : value
    case 'timestamp':
      if (!(value instanceof Date)) return value
      return shape.format === 'date-time' ? value.toISOString() : value.getTime() / 1000
    default:
      return value
  }
}

/** The members of a structure that are in the body. */
export function writeJsonStructure(shape: StructureShape, value: unknown): Record<string, unknown> {
  const object = asObject(value)
  const written: Record<string, unknown> = {}
  for (const member of shape.members) {
    const item = object[member.name]
    if (item === undefined || item === null) continue
    written[member.jsonName ?? member.name] = writeJsonValue(member.shape, item)
  }
  return written
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value
  throw refuse(value, 'structure')
}

// A key of a map may be `__proto__`: it is data, not a prototype.
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

function refuse(value: unknown, wanted: string): AwsError {
  const got = Array.isArray(value)
    ? 'START_LIST'
    : typeof value === 'object'
      ? 'START_STRUCTURE'
      : `${typeof value}_VALUE`
  return new AwsError('SerializationException', `${got.toUpperCase()} can not be converted to ${article(wanted)}`, {
    status: 400,
  })
}

function article(word: string): string {
  return /^[AEIOU]/.test(word) ? `an ${word}` : `a ${word}`
}
