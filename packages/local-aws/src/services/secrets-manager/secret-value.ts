import { type Row, bytesOf, optionalTextOf } from '../../sql.ts'
import { invalidParameter, validationError } from './secrets-errors.ts'

/** Bytes in UTF-8, or of the binary value. */
const MAX_BYTES = 65_536

/** One version's value: a text or bytes. */
export type SecretValue = { readonly text: string } | { readonly bytes: Uint8Array }

interface ValueRequest {
  readonly SecretString?: string | undefined
  readonly SecretBinary?: Uint8Array | undefined
}

/** The value in a request, or undefined. It never appears in an error. */
export function valueOf({ SecretString, SecretBinary }: ValueRequest): SecretValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter("You can't specify both a binary secret value and a string secret value in the same secret.")
  }
  if (SecretString !== undefined) {
    checkSize('secretString', Buffer.byteLength(SecretString))
    return { text: SecretString }
  }
  if (SecretBinary === undefined) return undefined
  checkSize('secretBinary', SecretBinary.byteLength)
  return { bytes: SecretBinary }
}

export function isSameValue(one: SecretValue, other: SecretValue): boolean {
  if ('text' in one) return 'text' in other && one.text === other.text
  return 'bytes' in other && Buffer.from(one.bytes).equals(other.bytes)
}

/** Reads the value columns of a version. */
export function readValue(row: Row): SecretValue {
  const text = optionalTextOf(row, 'text')
  return text === undefined ? { bytes: bytesOf(row, 'bytes') } : { text }
}

/** As GetSecretValue returns it. */
export function describeValue(value: SecretValue): { SecretString: string } | { SecretBinary: Uint8Array } {
  return 'text' in value ? { SecretString: value.text } : { SecretBinary: value.bytes }
}

function checkSize(member: string, size: number): void {
  const rule =
    size === 0 && member === 'secretBinary'
      ? 'greater than or equal to 1'
      : size > MAX_BYTES
        ? `less than or equal to ${MAX_BYTES}`
        : undefined
  if (rule === undefined) return
  throw validationError(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length ${rule}`,
  )
}
