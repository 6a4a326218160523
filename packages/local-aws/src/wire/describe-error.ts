import { writeJsonStructure } from './json-value.ts'
import type { Api } from './api.ts'
import type { AwsError } from '../service.ts'

export interface DescribedError {
  readonly status: number
  readonly fault: 'client' | 'server'
  /** Name in the model, with its namespace, as JSON answers carry it. */
  readonly type: string
  /** Name in the model, without. */
  readonly name: string
  /** Code of the query protocol. */
  readonly queryCode: string
  /** The structure's own members besides the message. */
  readonly members: Readonly<Record<string, unknown>>
  /** How the model spells the message's member. */
  readonly messageName: string
}

/** An error by the service's model; an error that the model does not contain keeps its code. */
export function describeError(api: Api, error: AwsError): DescribedError {
  const shape = api.errors.get(error.code)
  if (!shape) {
    const status = error.status ?? 400
    const name = api.jsonTypes?.[error.code] ?? error.code
    return {
      status,
      fault: status >= 500 ? 'server' : 'client',
      type: `com.amazon.coral.service#${name}`,
      name,
      queryCode: error.code,
      members: error.details,
      messageName: 'message',
    }
  }
  return {
    status: error.status ?? shape.status ?? 400,
    fault: shape.fault,
    type: `${shape.namespace}#${shape.name}`,
    name: shape.name,
    queryCode: shape.queryCode ?? shape.name,
    members: writeJsonStructure(shape.structure, error.details),
    messageName: shape.structure.members.find(({ name }) => name.toLowerCase() === 'message')?.name ?? 'message',
  }
}
