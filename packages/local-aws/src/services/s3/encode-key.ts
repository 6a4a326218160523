import { invalidArgument } from './s3-errors.ts'

/** A key in a listing: as it is, or, with `encoding-type=url`, encoded except for slashes, with blanks as `+`. */
export function encodeKey(encodingType: string | undefined): (key: string) => string {
  if (encodingType === undefined) return (key) => key
  if (encodingType !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType)
  return (key) =>
    encodeURIComponent(key)
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+')
      .replaceAll(/[!'()~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
