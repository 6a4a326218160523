import type { TimestampFormat } from './shape.ts'

/** A timestamp as text: ISO 8601 (zero milliseconds are left out, except in S3), HTTP date, or epoch seconds. */
export function writeTimestamp(value: Date, format: TimestampFormat): string {
  switch (format) {
    case 'date-time':
      return value.toISOString().replace('.000Z', 'Z')
    case 'whole-seconds':
      return `${value.toISOString().slice(0, 19)}.000Z`
    case 'http-date':
      return value.toUTCString()
    case 'epoch-seconds':
      return String(value.getTime() / 1000)
  }
}

/** Reads any of the three forms; `undefined` if the text is no timestamp. */
export function readTimestamp(text: string, format: TimestampFormat): Date | undefined {
  const value = new Date(format === 'epoch-seconds' ? Number(text) * 1000 : text)
  return Number.isNaN(value.getTime()) ? undefined : value
}
