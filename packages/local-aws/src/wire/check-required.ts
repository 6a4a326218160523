import { isRecord } from './is-record.ts'
import type { Member, StructureShape } from './shape.ts'
import { AwsError } from '../service.ts'
import type { Api } from './api.ts'

/** The first required member that is absent, as a path (`Entries.1.Id`, counted from 1), or nothing. */
export function findMissing(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
): MissingMember | undefined {
  for (const member of shape.members) {
    const item = value[member.name]
    if (item === undefined) {
      if (member.required) return { path: member.name, member }
      continue
    }
    const inner = findInner(member, item)
    if (inner) return { ...inner, path: `${member.name}.${inner.path}` }
  }
  return undefined
}

export interface MissingMember {
  readonly path: string
  readonly member: Member
}

function findInner({ shape }: Member, value: unknown): MissingMember | undefined {
  if (shape.kind === 'structure') return isRecord(value) ? findMissing(shape, value) : undefined
  if (shape.kind === 'list' && shape.item.shape.kind === 'structure' && Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const inner = isRecord(item) ? findMissing(shape.item.shape, item) : undefined
      if (inner) return { ...inner, path: `${index + 1}.${inner.path}` }
    }
  }
  if (shape.kind === 'map' && shape.value.shape.kind === 'structure' && isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      const inner = isRecord(item) ? findMissing(shape.value.shape, item) : undefined
      if (inner) return { ...inner, path: `${key}.${inner.path}` }
    }
  }
  return undefined
}

/** Each service's error for a missing required member. */
export function missingParameter(api: Api, { path, member }: MissingMember): AwsError {
  if (api.name === 'sqs') return new AwsError('MissingParameter', `The request must contain the parameter ${path}.`)
  if (api.name === 's3') {
    if (member.payload) return new AwsError('MissingRequestBodyError', 'Request Body is empty', { status: 400 })
    const message = 'The XML you provided was not well-formed or did not validate against our published schema'
    return new AwsError('MalformedXML', message, { status: 400 })
  }
  const name = api.name === 'secretsmanager' ? path : `${path.charAt(0).toLowerCase()}${path.slice(1)}`
  const message = `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`
  return new AwsError(api.protocol === 'query' ? 'ValidationError' : 'ValidationException', message, { status: 400 })
}
