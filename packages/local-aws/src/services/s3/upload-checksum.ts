import { type Algorithm, algorithmOf } from './checksums.ts'
import { invalidRequest } from './s3-errors.ts'

/** How the checksum of an object of parts is computed. */
export interface UploadChecksum {
  readonly algorithm: Algorithm | undefined
  readonly type: 'COMPOSITE' | 'FULL_OBJECT' | undefined
}

/** Algorithms that cannot be FULL_OBJECT, and the one that can only be. */
const NEVER_WHOLE: ReadonlySet<Algorithm> = new Set<Algorithm>(['SHA1', 'SHA256', 'SHA512', 'MD5'])

/** Reads an upload's algorithm and type, and rejects pairs that do not match. */
export function uploadChecksumOf(name: string | undefined, type: string | undefined): UploadChecksum {
  if (name === undefined) {
    if (type === undefined) return { algorithm: undefined, type: undefined }
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.')
  }
  const algorithm = algorithmOf(name.toUpperCase())
  if (!algorithm) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    )
  }
  const isWhole = type === undefined ? algorithm === 'CRC64NVME' : type === 'FULL_OBJECT'
  if (isWhole ? NEVER_WHOLE.has(algorithm) : algorithm === 'CRC64NVME') {
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  }
  return { algorithm, type: isWhole ? 'FULL_OBJECT' : 'COMPOSITE' }
}
