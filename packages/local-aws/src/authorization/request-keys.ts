import { readTags } from '../services/iam/tags.ts'
import type { RoleRecord } from '../services/iam/role-record.ts'
import type { Call } from '../service.ts'
import type { Sql } from '../sql.ts'
import type { RequiredPermission } from './required-permission.ts'

export interface RequestFacts {
  readonly call: Pick<Call, 'caller' | 'region' | 'from'>
  readonly permission: RequiredPermission
  readonly role: RoleRecord | undefined
  readonly sql: Sql
  /** Milliseconds since the epoch. */
  readonly now: number
}

type Values = string | readonly string[] | undefined

/**
 * Looks up condition keys: global ones, and those of the permission. All others are absent, as on AWS outside an
 * organization, a VPC or a federation.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function requestKeys(facts: RequestFacts): (key: string) => readonly string[] | undefined {
  const own = new Map(Object.entries(facts.permission.keys ?? {}).map(([key, values]) => [key.toLowerCase(), values]))
  return (key) => {
    const name = key.toLowerCase()
    const values = own.get(name) ?? findGlobal(name, facts)
    return typeof values === 'string' ? [values] : values
  }
}

function findGlobal(name: string, facts: RequestFacts): Values {
  const { call, role, now } = facts
  const { anonymous } = call.caller
  if (name.startsWith('aws:principaltag/')) return principalTag(name.slice('aws:principaltag/'.length), facts)
  switch (name) {
    case 'aws:currenttime':
      return new Date(now).toISOString()
    case 'aws:epochtime':
      return String(Math.floor(now / 1000))
    case 'aws:principalaccount':
      return anonymous ? undefined : call.caller.accountId
    case 'aws:resourceaccount':
      return call.caller.accountId
    case 'aws:principalarn':
      return anonymous ? undefined : (role?.arn ?? call.caller.arn)
    case 'aws:principalisawsservice':
    case 'aws:viaawsservice':
      return 'false'
    case 'aws:principaltype':
      return anonymous ? 'Anonymous' : role ? 'AssumedRole' : 'Account'
    case 'aws:requestedregion':
      return call.region
    case 'aws:securetransport':
      return String(call.from.secure)
    case 'aws:sourceip':
      return call.from.address
    case 'aws:userid':
      if (anonymous) return 'anonymous'
      return role ? `${role.id}:${call.caller.arn.split('/').at(-1) ?? ''}` : call.caller.accountId
    default:
      return undefined
  }
}

function principalTag(name: string, { role, sql }: RequestFacts): string | undefined {
  if (!role) return undefined
  return readTags(sql, role.arn).find(({ Key }) => Key?.toLowerCase() === name)?.Value
}
