import { readTimestamp, writeTimestamp } from './timestamp.ts'
import type { Scalar, TimestampFormat } from './shape.ts'

/** Text of a header, label, query value, form field or XML element to a typed value; `undefined` if it is invalid. */
export function readScalar(shape: Scalar, text: string, format: TimestampFormat): unknown {
  switch (shape.kind) {
    case 'string':
    case 'document':
      return text
    case 'boolean': {
      const word = text.toLowerCase()
      return word === 'true' ? true : word === 'false' ? false : undefined
    }
    case 'number': {
      const number = Number(text)
      return text.trim() === '' || Number.isNaN(number) ? undefined : number
    }
    case 'blob':
      return new Uint8Array(Buffer.from(text, 'base64'))
    case 'timestamp':
      return readTimestamp(text, shape.format ?? format)
  }
}

/** The reverse of {@link readScalar}. */
export function writeScalar(shape: Scalar, value: unknown, format: TimestampFormat): string {
  if (value instanceof Date) return writeTimestamp(value, shape.format ?? format)
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  if (shape.kind === 'blob' && typeof value === 'string') return Buffer.from(value, 'utf8').toString('base64')
  return String(value)
}
