import { type Case, type PressAnswers, stateOf } from 'ticket-core'
import type { HttpEdge } from '../http/call-vendor.ts'
import { buildTicketMessage } from './build-ticket-message.ts'
import { postMessage } from './post-message.ts'

export interface PressAnswersOptions extends HttpEdge {
  /** A simulator in place of Slack. @default Slack's own */
  readonly baseUrl?: string | undefined
}

/**
 * Replaces the message whose button was pressed, by the `response_url` of the press: a webhook's message can be changed in
 * no other way. The address is a capability from a request, so only Slack's own is called.
 */
export function createPressAnswers({
  baseUrl = 'https://hooks.slack.com',
  ...edge
}: PressAnswersOptions): PressAnswers {
  const base = `${baseUrl.replace(/\/+$/, '')}/`
  return {
    async replace({ responseUrl, possibleRepeat, known, keptAt, deadline }) {
      if (!responseUrl.startsWith(base) || !/^[\w/.:%~-]{1,1000}$/.test(responseUrl))
        return { kind: 'failed', code: 'slack-foreign-address', reason: `The response_url does not begin with ${base}` }
      const state = stateOf(known)
      const { message } = buildTicketMessage(asItIs(known), { possibleRepeat, keptAt, buttons: true, state })
      const url = responseUrl
      const result = await postMessage(edge, { url, message: { ...message, replace_original: true }, deadline })
      return result.kind === 'ok' ? { kind: 'replaced' } : { kind: 'failed', code: result.code, reason: result.reason }
    },
  }
}

function asItIs(known: Case): Case['ticket'] {
  const { title, description, priority } = stateOf(known)
  return { ...known.ticket, title, description, priority }
}
