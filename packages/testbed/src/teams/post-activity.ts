import type { Clock } from 'ticket-core'
import { asObject, parseObject } from '../simulators/read-json.ts'
import type { TeamsReply } from './read-reply.ts'
import type { SignedRequest } from './sign-activity.ts'

/** How long Teams waits for the reply. https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook */
const TEAMS_TIMEOUT_MS = 5000

export interface PostDependencies {
  readonly clock: Clock
  readonly fetch: typeof fetch
  readonly url: string
  readonly activityId: string
}

/** Posts as Teams' servers do, and reads the answer as Teams does. Never throws, whatever the receiver answers. */
export async function postActivity(
  { body, authorization }: SignedRequest,
  dependencies: PostDependencies,
): Promise<TeamsReply> {
  const { clock, url, activityId } = dependencies
  const start = clock.now()
  const timeout = new AbortController()
  const cancel = clock.after(TEAMS_TIMEOUT_MS, () => timeout.abort())
  const failed = (
    reason: 'timeout' | 'no-connection' | 'status' | 'not-an-activity',
    more: object = {},
  ): TeamsReply => ({
    kind: 'failed',
    activityId,
    reason,
    ms: clock.now() - start,
    ...more,
  })
  try {
    const response = await dependencies.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        referer: 'https://teams.microsoft.com/',
        ...(authorization !== undefined && { authorization }),
      },
      body,
      redirect: 'manual',
      signal: timeout.signal,
    })
    const text = await response.text()
    const { status } = response
    if (status !== 200) return failed('status', { status, body: text })
    if (!isActivity(text)) return failed('not-an-activity', { status, body: text })
    return { kind: 'replied', activityId, status, body: text, ms: clock.now() - start }
  } catch {
    return failed(timeout.signal.aborted ? 'timeout' : 'no-connection')
  } finally {
    cancel()
  }
}

function isActivity(text: string): boolean {
  const activity = parseObject(text)
  if (activity?.['type'] !== 'message') return false
  const hasCard = Array.isArray(activity['attachments']) && activity['attachments'].some((item) => asObject(item))
  return typeof activity['text'] === 'string' || hasCard
}
