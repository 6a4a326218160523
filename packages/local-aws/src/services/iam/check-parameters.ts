import { validationError } from './iam-errors.ts'

const NAME = /^[\w+=,.@-]+$/
const PATH = /^\/(?:[!-~]*\/)?$/

/** A name of a role or policy: 1 to `longest` characters of `[\w+=,.@-]`. `member` is the parameter, as `roleName`. */
export function checkName(member: string, value: string | undefined, longest: number): string {
  const name = checkLength(member, value, { min: 1, max: longest })
  if (!NAME.test(name)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    )
  }
  return name
}

/** A path that begins and ends with a slash; `/` when none is given. */
export function checkPath(value: string | undefined): string {
  const path = checkLength('path', value ?? '/', { min: 1, max: 512 })
  if (!PATH.test(path)) {
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    )
  }
  return path
}

/** A text of `least` to `most` characters; AWS's error for null if it is missing. */
export function checkLength(
  member: string,
  value: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): string {
  if (value === undefined) throw constraint(member, 'Member must not be null')
  if (value.length < min) throw constraint(member, `Member must have length greater than or equal to ${min}`)
  if (value.length > max) throw constraint(member, `Member must have length less than or equal to ${max}`)
  return value
}

/** A number of `least` to `most`. */
export function checkRange(
  member: string,
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  if (value < min) throw constraint(member, `Member must have value greater than or equal to ${min}`, value)
  if (value > max) throw constraint(member, `Member must have value less than or equal to ${max}`, value)
  return value
}

function constraint(member: string, rule: string, value?: number): Error {
  const displayName = value === undefined ? '' : `'${value}' `
  return validationError(
    `1 validation error detected: Value ${displayName}at '${member}' failed to satisfy constraint: ${rule}`,
  )
}
