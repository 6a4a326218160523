import { randomBytes } from 'node:crypto'

/** The source of ids, suffixes and keys: the system, or a seeded source for repeatable tests. */
export type RandomBytes = (size: number) => Uint8Array

/** The operating system's randomness. */
export const systemRandom: RandomBytes = (size) => randomBytes(size)

export const UPPER_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
export const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** `length` characters of `alphabet`, each byte of randomness taken modulo its size: for ids, not for keys. */
export function pickCharacters(random: RandomBytes, alphabet: string, length: number): string {
  return Array.from(random(length), (byte) => alphabet.charAt(byte % alphabet.length)).join('')
}

/** A version 4 UUID from the given randomness. */
export function pickUuid(random: RandomBytes): string {
  const bytes = Buffer.from(random(16))
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
