import { crc32 } from 'node:zlib'

// Both tables are of a reflected CRC: the polynomial's bits in reverse order.
const CASTAGNOLI = 0x82f63b78
const NVME_HIGH = 0x9a6c9329
const NVME_LOW = 0xac4bc9b5

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => shiftOut(byte, CASTAGNOLI))
const nvmeHigh = new Uint32Array(256)
const nvmeLow = new Uint32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let [high, low] = [0, byte]
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = (low & 1) === 1
    low = ((low >>> 1) | (high << 31)) >>> 0
    high >>>= 1
    if (isOdd) {
      high = (high ^ NVME_HIGH) >>> 0
      low = (low ^ NVME_LOW) >>> 0
    }
  }
  nvmeHigh[byte] = high
  nvmeLow[byte] = low
}

/** CRC-32 as in zip, big-endian. */
export function crc32Of(bytes: Uint8Array): Buffer {
  return bigEndian(crc32(bytes))
}

/** CRC-32C (Castagnoli), big-endian. */
export function crc32cOf(bytes: Uint8Array): Buffer {
  let sum = 0xffffffff
  for (const byte of bytes) sum = (sum >>> 8) ^ (crc32cTable[(sum ^ byte) & 0xff] ?? 0)
  return bigEndian((sum ^ 0xffffffff) >>> 0)
}

/**
 * CRC-64/NVME, big-endian, in two halves of 32 bits (BigInt is 20 times slower).
 * @see https://reveng.sourceforge.io/crc-catalogue/all.htm#crc.cat.crc-64-nvme
 */
export function crc64nvmeOf(bytes: Uint8Array): Buffer {
  let high = 0xffffffff
  let low = 0xffffffff
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ (nvmeLow[index] ?? 0)
    high = (high >>> 8) ^ (nvmeHigh[index] ?? 0)
  }
  return Buffer.concat([bigEndian((high ^ 0xffffffff) >>> 0), bigEndian((low ^ 0xffffffff) >>> 0)])
}

function shiftOut(byte: number, polynomial: number): number {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 1 ? (sum >>> 1) ^ polynomial : sum >>> 1
  return sum >>> 0
}

function bigEndian(sum: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(sum)
  return bytes
}
