import { invalidArgument } from './s3-errors.ts'

/** No bucket here keeps versions: the only version of an object is `null`. */
export function refuseVersion(version: string | undefined): void {
  if (version === undefined || version === 'null') return
  throw invalidArgument('Invalid version id specified', 'versionId', version)
}
