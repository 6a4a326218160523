import type { AccessRequest } from './access-request.ts'
import { conditionHolds } from './condition.ts'
import { matchesPattern } from './match-pattern.ts'
import { type Named, type Principal, matchPrincipal } from './match-principal.ts'
import type { Selector, Statement } from './statement.ts'
import { fillVariables } from './variables.ts'

/** The result of one kind of policy: `undefined` is the implicit deny. */
export type Verdict = { readonly effect: 'Deny' } | { readonly effect: 'Allow'; readonly named: Named } | undefined

/** Evaluates statements for a request. One Deny wins over every Allow. */
export function evaluate(statements: readonly Statement[], request: AccessRequest, principal: Principal): Verdict {
  let allowed: Verdict
  for (const statement of statements) {
    if (!isAbout(statement, request)) continue
    const named = statement.principals ? matchPrincipal(statement.principals, principal) : 'role'
    if (named === undefined || !statement.conditions.every((condition) => conditionHolds(condition, request))) continue
    if (statement.effect === 'Deny') return { effect: 'Deny' }
    if (allowed?.effect !== 'Allow' || RANK[named] > RANK[allowed.named]) allowed = { effect: 'Allow', named }
  }
  return allowed
}

const RANK: Readonly<Record<Named, number>> = { account: 0, role: 1, session: 2 }

function isAbout({ actions, resources }: Statement, request: AccessRequest): boolean {
  const action = request.action.toLowerCase()
  if (!selects(actions, (pattern) => matchesPattern(pattern, action))) return false
  if (!resources) return true
  return selects(resources, (pattern) => {
    const filled = fillVariables(pattern, request)
    return filled !== undefined && matchesPattern(filled, request.resource)
  })
}

function selects({ negated, patterns }: Selector, matches: (pattern: string) => boolean): boolean {
  return patterns.some((pattern) => matches(pattern)) !== negated
}
