import type { ActivityFailure, SignatureFailure } from 'ticket-core'
import type { TeamCheck } from './check-team.ts'
import { type Reply, replyText } from './http-values.ts'
import type { NoKeys } from './verify-request.ts'

/** Why a request is refused. */
export type Refusal =
  | SignatureFailure
  | ActivityFailure
  | NoKeys
  | { readonly code: 'too-large' }
  | { readonly code: 'another-team'; readonly check: Extract<TeamCheck, { readonly kind: 'another-team' }> }

/** The answer to the caller: a status without a reason, since the caller may not be Teams. */
export function answerRefusal(refusal: Refusal): Reply {
  switch (refusal.code) {
    case 'missing':
    case 'wrong-scheme':
    case 'malformed':
    case 'wrong-length':
    case 'mismatch':
    case 'stale':
    case 'another-team':
      return replyText(401, 'Unauthorized\n', { 'www-authenticate': 'HMAC' })
    case 'not-json':
    case 'not-an-activity':
      return replyText(400, 'Bad Request\n')
    case 'too-large':
      return replyText(413, 'Content Too Large\n')
    case 'no-keys':
      return replyText(503, 'Service Unavailable\n', { 'retry-after': '5' })
  }
}

/** The hint in the operator's log: what to check. */
export function operatorHint(refusal: Refusal): string {
  switch (refusal.code) {
    case 'stale': {
      const seconds = Math.round(Math.abs(refusal.offByMs) / 1000)
      const where = refusal.offByMs > 0 ? 'old' : 'ahead'
      return `the message is ${seconds} s ${where}, ${refusal.maxAgeMs / 1000} s are allowed: a replay, or this machine's clock is wrong (TICKETING_MAX_AGE sets the limit)`
    }
    case 'not-json':
      return 'the signed body is not JSON: something other than Teams holds the token'
    case 'not-an-activity':
      return `the signed body is not a message activity; it lacks: ${refusal.lacks.join(', ')}`
    case 'another-team': {
      const { token, owner, team } = refusal.check
      return `token ${token} belongs to team ${owner} and signed for team ${team}: give each team a webhook of its own, or free the token: npx -y pnpm@12 ticketing tokens release ${token}`
    }
    case 'too-large':
      return 'the body is over 256 KiB: no Teams message is'
    case 'no-keys':
      return 'the secret could not be read, so that no signature can be checked'
    case 'missing':
    case 'wrong-scheme':
    case 'malformed':
    case 'wrong-length':
    case 'mismatch':
      return refusal.hint
  }
}
