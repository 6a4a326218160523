import { readPolicy } from '../../authorization/read-policy.ts'
import { checkLength } from './check-parameters.ts'
import { limitExceeded, malformedPolicy } from './iam-errors.ts'

/** The quota of a managed policy. */
const MAX_CHARACTERS = 6144

type Json = Readonly<Record<string, unknown>>

const VERSIONS = new Set(['2012-10-17', '2008-10-17'])
const VENDOR_ACTION = /^(?:\*|[\w-]+:[\w*?-]+)$/

/** A role's trust policy: states who may assume it, and has no resource. */
export function checkTrustPolicy(document: string): void {
  for (const statement of statementsOf(document, 'This policy contains invalid Json')) {
    checkEffect(statement)
    if ('Resource' in statement || 'NotResource' in statement) throw malformedPolicy('Has prohibited field Resource')
    if (!('Principal' in statement) && !('NotPrincipal' in statement)) {
      throw malformedPolicy('Missing required field Principal')
    }
    checkActions(statement, 'AssumeRole policy must contain actions.')
    const foreign = textsOf(statement['Action']).find(
      (action) => action !== '*' && !action.toLowerCase().startsWith('sts:'),
    )
    if (foreign !== undefined) throw malformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.')
  }
  refuseUnreadable(document)
}

/** An identity policy (inline or managed): states what is allowed, and has no principal. */
export function checkIdentityPolicy(document: string): void {
  for (const statement of statementsOf(document, 'Syntax errors in policy.')) {
    checkEffect(statement)
    if ('Principal' in statement || 'NotPrincipal' in statement) {
      throw malformedPolicy('Policy document should not specify a principal.')
    }
    checkActions(statement, 'Policy statement must contain actions.')
    checkResources(statement)
  }
  refuseUnreadable(document)
}

/** A managed policy's document: well-formed, and within the quota, which ignores white space. */
export function checkManagedDocument(text: string | undefined): string {
  const document = checkLength('policyDocument', text, { min: 1, max: 131_072 })
  checkIdentityPolicy(document)
  if (document.replaceAll(/\s/g, '').length > MAX_CHARACTERS) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${MAX_CHARACTERS}`)
  }
  return document
}

/** Rejects a policy that could not be evaluated later. */
function refuseUnreadable(document: string): void {
  const read = readPolicy(document)
  if (!read.ok) throw malformedPolicy(`Syntax errors in policy: ${read.problem}.`)
}

function statementsOf(document: string, syntaxMessage: string): readonly Json[] {
  const policy = parseObject(document, syntaxMessage)
  const version = policy['Version']
  if (version !== undefined && !(typeof version === 'string' && VERSIONS.has(version))) {
    throw malformedPolicy('The policy must contain a valid version string.')
  }
  const found = policy['Statement']
  const statements: readonly unknown[] = Array.isArray(found) ? found : [found]
  if (found === undefined || statements.length === 0) throw malformedPolicy(syntaxMessage)
  return statements.map((statement) => {
    if (!isObject(statement)) throw malformedPolicy(syntaxMessage)
    return statement
  })
}

function checkEffect({ Effect }: Json): void {
  if (Effect === undefined) throw malformedPolicy('Missing required field Effect cannot be empty!')
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformedPolicy(`Invalid effect: ${JSON.stringify(Effect)}`)
}

function checkActions(statement: Json, message: string): void {
  const actions = textsOf(statement['Action'] ?? statement['NotAction'])
  if (actions.length === 0) throw malformedPolicy(message)
  if (!actions.every((action) => VENDOR_ACTION.test(action))) {
    throw malformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
  }
}

function checkResources(statement: Json): void {
  const resources = textsOf(statement['Resource'] ?? statement['NotResource'])
  if (resources.length === 0) throw malformedPolicy('Policy statement must contain resources.')
  const wrong = resources.find((resource) => resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+/s.test(resource))
  if (wrong !== undefined) throw malformedPolicy(`Resource ${wrong} must be in ARN format or "*".`)
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function parseObject(document: string, message: string): Json {
  try {
    const value: unknown = JSON.parse(document)
    if (isObject(value)) return value
  } catch {
    throw malformedPolicy(message)
  }
  throw malformedPolicy(message)
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
