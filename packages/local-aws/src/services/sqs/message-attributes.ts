import { createHash } from 'node:crypto'
import { FORBIDDEN_CHARACTER, VALID_CHARACTERS } from './characters.ts'
import { invalidParameter } from './sqs-errors.ts'
import type { MessageAttributeValue } from '@aws-sdk/client-sqs'

/** A stored message attribute: a value is text, or bytes in base64 if the type is Binary. */
interface StoredAttribute {
  readonly type: string
  readonly value: string
}

export type StoredAttributes = Readonly<Record<string, StoredAttribute>>

function isBinary({ type }: StoredAttribute): boolean {
  return type.startsWith('Binary')
}

/** Checks attributes as AWS does; `kind` is AWS's word in the error. */
export function readMessageAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>>,
  kind: 'user' | 'system',
): StoredAttributes {
  const entries = Object.entries(attributes)
  if (entries.length > 10)
    throw invalidParameter(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`)
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, value, kind)]))
}

function readAttribute(name: string, attribute: MessageAttributeValue, kind: 'user' | 'system'): StoredAttribute {
  if (kind === 'user') checkName(name)
  const type = attribute.DataType ?? ''
  if (type === '')
    throw invalidParameter(`The message attribute '${name}' must contain non-empty message attribute type.`)
  const [prefix] = type.split('.', 1)
  if ((prefix !== 'String' && prefix !== 'Number' && prefix !== 'Binary') || type.length > 256) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    )
  }
  const value =
    prefix === 'Binary' ? Buffer.from(attribute.BinaryValue ?? []).toString('base64') : (attribute.StringValue ?? '')
  if (value === '')
    throw invalidParameter(`Message (${kind}) attribute '${name}' must contain a non-empty value of type '${prefix}'.`)
  if (prefix === 'String' && FORBIDDEN_CHARACTER.test(value)) {
    throw invalidParameter(
      `Message (${kind}) attribute '${name}' contains invalid characters. Valid unicode characters are ${VALID_CHARACTERS}`,
    )
  }
  if (prefix === 'Number' && !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value)) {
    throw invalidParameter(`Can't cast the value of message (${kind}) attribute '${name}' to a number.`)
  }
  return { type, value }
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
function checkName(name: string): void {
  if (Buffer.byteLength(name) > 256)
    throw invalidParameter(`Length of message attribute name must be less than 256 bytes.`)
  // Letters and digits of any script: recorded on AWS.
  if (!/^[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*$/u.test(name)) {
    throw invalidParameter(
      `Invalid non-alphanumeric character was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    )
  }
  if (/^(?:aws|amazon)\./i.test(name))
    throw invalidParameter(
      `You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use.`,
    )
}

/** Bytes that attributes add to a message's size. */
export function sizeOfAttributes(attributes: StoredAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, attribute]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(attribute.type) + bytesOfValue(attribute).length,
    0,
  )
}

/** AWS's digest of attributes, which clients verify: same guide, "Calculating the MD5 message digest for message attributes". */
export function digestAttributes(attributes: StoredAttributes): string | undefined {
  const names = Object.keys(attributes).toSorted()
  if (names.length === 0) return undefined
  const hash = createHash('md5')
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  for (const name of names) {
    const attribute = attributes[name]
    if (!attribute) continue
    add(Buffer.from(name))
    add(Buffer.from(attribute.type))
    hash.update(Uint8Array.of(isBinary(attribute) ? 2 : 1))
    add(bytesOfValue(attribute))
  }
  return hash.digest('hex')
}

function bytesOfValue(attribute: StoredAttribute): Buffer {
  return Buffer.from(attribute.value, isBinary(attribute) ? 'base64' : 'utf8')
}

/** The requested attributes: by name, `All`, `*`, `.*`, or a prefix with `.*`. */
export function selectAttributes(attributes: StoredAttributes, names: readonly string[]): StoredAttributes {
  const wanted = (name: string): boolean =>
    names.some(
      (asked) =>
        asked === 'All' ||
        asked === '*' ||
        asked === name ||
        (asked.endsWith('.*') && name.startsWith(asked.slice(0, -2))),
    )
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted(name)))
}

export function writeAttributes(attributes: StoredAttributes): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      isBinary(attribute)
        ? { BinaryValue: new Uint8Array(bytesOfValue(attribute)), DataType: attribute.type }
        : { StringValue: attribute.value, DataType: attribute.type },
    ]),
  )
}

/** The stored form, or NULL for none. */
export function packAttributes(attributes: StoredAttributes): string | null {
  return Object.keys(attributes).length === 0 ? null : JSON.stringify(attributes)
}

export function unpackAttributes(json: string | undefined): StoredAttributes {
  if (json === undefined) return {}
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null) throw new TypeError('A column holds no message attributes.')
  return Object.fromEntries(
    Object.entries(value).map(([name, { type, value }]: [string, StoredAttribute]) => [name, { type, value }]),
  )
}
