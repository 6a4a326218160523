import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import type { FunctionCode, UpdateFunctionCodeRequest } from '@aws-sdk/client-lambda'
import { isSafeEntry } from '../../executors/unpack-code.ts'
import { invalidParameter, notOffered } from './lambda-errors.ts'

/** A function's code, looked at. */
export interface Code {
  readonly zip: Uint8Array
  readonly codeSize: number
  readonly codeSha256: string
}

type Given = Pick<FunctionCode & UpdateFunctionCodeRequest, 'ZipFile' | 'S3Bucket' | 'ImageUri'>

/** Reads the zip out of a request and refuses what AWS would not unpack, before anything is stored. */
export function readCode(given: Given): Code {
  if (given.S3Bucket !== undefined) throw notOffered('Code in S3 (send it as ZipFile)')
  if (given.ImageUri !== undefined) throw notOffered('PackageType Image')
  const zip = given.ZipFile
  if (zip === undefined || zip.byteLength === 0) throw invalidParameter('Please provide a source for function code.')
  checkZip(zip)
  return { zip, codeSize: zip.byteLength, codeSha256: createHash('sha256').update(zip).digest('base64') }
}

function checkZip(zip: Uint8Array): void {
  let size = 0
  let unsafe = false
  try {
    // Only the directory is read: nothing is inflated.
    unzipSync(zip, {
      filter(entry) {
        size += entry.originalSize
        unsafe ||= !isSafeEntry(entry.name)
        return false
      },
    })
  } catch {
    throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.')
  }
  if (unsafe) throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.')
  if (size > 262_144_000) throw invalidParameter('Unzipped size must be smaller than 262144000 bytes')
}
