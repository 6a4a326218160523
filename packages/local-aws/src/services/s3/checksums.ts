import { createHash } from 'node:crypto'
import { AwsError } from '../../service.ts'
import { crc32cOf, crc32Of, crc64nvmeOf } from './crc.ts'
import { invalidRequest, notImplemented } from './s3-errors.ts'

/** The members for checksums in requests and responses, base64. */
export interface ChecksumMembers {
  readonly ChecksumCRC32?: string | undefined
  readonly ChecksumCRC32C?: string | undefined
  readonly ChecksumCRC64NVME?: string | undefined
  readonly ChecksumMD5?: string | undefined
  readonly ChecksumSHA1?: string | undefined
  readonly ChecksumSHA256?: string | undefined
  readonly ChecksumSHA512?: string | undefined
  readonly ChecksumXXHASH64?: string | undefined
  readonly ChecksumXXHASH3?: string | undefined
  readonly ChecksumXXHASH128?: string | undefined
}

const ALGORITHMS: readonly Algorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'MD5', 'SHA1', 'SHA256', 'SHA512']

export type Algorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'MD5' | 'SHA1' | 'SHA256' | 'SHA512'

interface Digest {
  /** Bytes. */
  readonly size: number
  readonly digest: (bytes: Uint8Array) => Buffer
}

const DIGESTS: Readonly<Record<Algorithm, Digest>> = {
  CRC32: { size: 4, digest: crc32Of },
  CRC32C: { size: 4, digest: crc32cOf },
  CRC64NVME: { size: 8, digest: crc64nvmeOf },
  MD5: { size: 16, digest: hash('md5') },
  SHA1: { size: 20, digest: hash('sha1') },
  SHA256: { size: 32, digest: hash('sha256') },
  SHA512: { size: 64, digest: hash('sha512') },
}

/** A checksum, base64, and its type; a `COMPOSITE` one ends with `-<parts>`. */
export interface Checksum {
  readonly algorithm: Algorithm
  readonly value: string
}

/** Reads an algorithm's name; undefined for an unknown one. S3 knows the XXHASH ones; here they are rejected. */
export function algorithmOf(name: string | undefined): Algorithm | undefined {
  if (name?.startsWith('XXHASH')) throw notImplemented('x-amz-checksum-algorithm')
  return ALGORITHMS.find((algorithm) => algorithm === name)
}

/** The checksum of `bytes`, base64. */
export function checksumOf(algorithm: Algorithm, bytes: Uint8Array): string {
  return DIGESTS[algorithm].digest(bytes).toString('base64')
}

/** The request's checksum, with only its form checked; undefined if there is none. */
export function givenChecksum(input: ChecksumMembers): Checksum | undefined {
  if (input.ChecksumXXHASH64 ?? input.ChecksumXXHASH3 ?? input.ChecksumXXHASH128)
    throw notImplemented('x-amz-checksum-xxhash')
  const given = ALGORITHMS.flatMap((algorithm) => {
    const value = input[`Checksum${algorithm}`]
    return value === undefined ? [] : [{ algorithm, value }]
  })
  if (given.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.')
  }
  return given[0]
}

/** Verifies the body by the request's checksum, and returns that. Throws InvalidRequest or BadDigest. */
export function verifyChecksum({ algorithm, value }: Checksum, body: Uint8Array): Checksum {
  if (Buffer.from(value, 'base64').length !== DIGESTS[algorithm].size) {
    throw invalidRequest(`Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`)
  }
  if (checksumOf(algorithm, body) !== value) {
    throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`, {
      status: 400,
    })
  }
  return { algorithm, value }
}

/** Verifies the body by `Content-MD5`. Throws InvalidDigest or BadDigest. */
export function verifyContentMd5(header: string | undefined, body: Uint8Array): void {
  if (header === undefined) return
  const expected = Buffer.from(header, 'base64')
  if (expected.length !== 16 || expected.toString('base64') !== header) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', {
      status: 400,
      details: { 'Content-MD5': header },
    })
  }
  const calculated = checksumOf('MD5', body)
  if (calculated !== header) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      status: 400,
      details: { ExpectedDigest: expected.toString('hex'), CalculatedDigest: calculated },
    })
  }
}

/** The response's member for a checksum. */
export function checksumMember({ algorithm, value }: Checksum): ChecksumMembers {
  return { [`Checksum${algorithm}`]: value }
}

function hash(name: string): (bytes: Uint8Array) => Buffer {
  return (bytes) => createHash(name).update(bytes).digest()
}
