import { type Condition, readOperator } from './condition.ts'
import type { PrincipalSelector, Selector, Statement } from './statement.ts'

type Json = Readonly<Record<string, unknown>>

export type ReadPolicy =
  | { readonly ok: true; readonly statements: readonly Statement[] }
  | { readonly ok: false; readonly problem: string }

/** What is wrong with a policy. Thrown and caught within this file. */
class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

const MAX_CACHED = 500
const kept = new Map<string, ReadPolicy>()

/**
 * Reads a policy document. Nothing is ignored: an unknown element, effect or condition operator makes the whole
 * policy invalid, with the reason.
 */
export function readPolicy(document: string): ReadPolicy {
  const before = kept.get(document)
  if (before) return before
  const read = readAnew(document)
  if (kept.size >= MAX_CACHED) kept.clear()
  kept.set(document, read)
  return read
}

function readAnew(document: string): ReadPolicy {
  try {
    const policy: unknown = JSON.parse(document)
    if (!isObject(policy)) throw new Unreadable('it is not a JSON object')
    const statements = listOf(policy['Statement']).map((statement) => readStatement(statement))
    return { ok: true, statements }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message }
    if (error instanceof SyntaxError) return { ok: false, problem: 'it is not valid JSON' }
    throw error
  }
}

const ELEMENTS = new Set('Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition'.split(' '))

function readStatement(statement: unknown): Statement {
  if (!isObject(statement)) throw new Unreadable('a statement is not a JSON object')
  const foreign = Object.keys(statement).find((name) => !ELEMENTS.has(name))
  if (foreign !== undefined) throw new Unreadable(`a statement has the unknown element ${foreign}`)
  const effect = statement['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') throw new Unreadable(`Effect is ${String(effect)}, not Allow or Deny`)
  const actions = readSelector(statement, 'Action')
  if (!actions) throw new Unreadable('a statement has no Action')
  return {
    effect,
    actions: { ...actions, patterns: actions.patterns.map((action) => action.toLowerCase()) },
    resources: readSelector(statement, 'Resource'),
    principals: readPrincipals(statement),
    conditions: readConditions(statement['Condition']),
  }
}

function readSelector(statement: Json, name: 'Action' | 'Resource'): Selector | undefined {
  const [plain, opposite] = [statement[name], statement[`Not${name}`]]
  if (plain !== undefined && opposite !== undefined) throw new Unreadable(`a statement has both ${name} and Not${name}`)
  if (plain === undefined && opposite === undefined) return undefined
  return { negated: plain === undefined, patterns: readTexts(plain ?? opposite, name) }
}

function readPrincipals(statement: Json): PrincipalSelector | undefined {
  const { Principal, NotPrincipal } = statement
  if (Principal === undefined && NotPrincipal === undefined) return undefined
  const negated = Principal === undefined
  const found = Principal ?? NotPrincipal
  if (found === '*') return { negated, everyone: true, byKind: {} }
  if (!isObject(found)) throw new Unreadable('Principal is neither "*" nor an object')
  const byKind = Object.fromEntries(
    Object.entries(found).map(([kind, ids]) => [kind, readTexts(ids, `Principal ${kind}`)]),
  )
  return { negated, everyone: byKind['AWS']?.includes('*') === true, byKind }
}

function readConditions(found: unknown): readonly Condition[] {
  if (found === undefined) return []
  if (!isObject(found)) throw new Unreadable('Condition is not a JSON object')
  return Object.entries(found).flatMap(([name, keys]) => {
    const how = readOperator(name)
    if (!how) throw new Unreadable(`Condition has the unknown operator ${name}`)
    if (!isObject(keys)) throw new Unreadable(`Condition ${name} is not a JSON object`)
    return Object.entries(keys).map(([key, values]) => ({ how, key, values: readTexts(values, key) }))
  })
}

function readTexts(value: unknown, what: string): readonly string[] {
  return listOf(value).map((item) => {
    if (typeof item === 'string') return item
    if (typeof item === 'number' || typeof item === 'boolean') return String(item)
    throw new Unreadable(`${what} has a value that is not text`)
  })
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
