import { createHash } from 'node:crypto'
import { unzipSync, type UnzipFileInfo } from 'fflate'
import type { FunctionCode, UpdateFunctionCodeRequest } from '@aws-sdk/client-lambda'
import { canBeUnpacked } from '../../executors/unpack-code.ts'
import { AwsError } from '../../service.ts'
import { invalidParameter, notOffered } from './lambda-errors.ts'

/** A function's code, checked. */
export interface Code {
  readonly zip: Uint8Array
  readonly codeSize: number
  readonly codeSha256: string
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_ZIP_BYTES = 52_428_800

type Given = Pick<FunctionCode & UpdateFunctionCodeRequest, 'ZipFile' | 'S3Bucket' | 'ImageUri'>

/** Reads a request's zip and rejects one that AWS would not unpack, before anything is stored. */
export function readCode(given: Given): Code {
  if (given.S3Bucket !== undefined) throw notOffered('Code in S3 (send it as ZipFile)')
  if (given.ImageUri !== undefined) throw notOffered('PackageType Image')
  const zip = given.ZipFile
  if (zip !== undefined && zip.byteLength > MAX_ZIP_BYTES) {
    const message = `Zipped size must be smaller than ${MAX_ZIP_BYTES} bytes`
    throw new AwsError('RequestEntityTooLargeException', message, { status: 413, details: { Type: 'User' } })
  }
  if (zip === undefined || zip.byteLength === 0) throw invalidParameter('Please provide a source for function code.')
  checkZip(zip)
  return { zip, codeSize: zip.byteLength, codeSha256: createHash('sha256').update(zip).digest('base64') }
}

function checkZip(zip: Uint8Array): void {
  let size = 0
  const names: string[] = []
  // Read the directory first, so that nothing too large is inflated.
  unzip(zip, (entry) => {
    size += entry.originalSize
    names.push(entry.name)
    return false
  })
  if (size > 262_144_000) throw invalidParameter('Unzipped size must be smaller than 262144000 bytes')
  if (!canBeUnpacked(names)) throw notUnzipped()
  unzip(zip, () => true)
}

function unzip(zip: Uint8Array, filter: (entry: UnzipFileInfo) => boolean): void {
  try {
    unzipSync(zip, { filter })
  } catch {
    throw notUnzipped()
  }
}

function notUnzipped(): AwsError {
  return invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.')
}
