import type { Activity } from './activity.ts'
import type { Draft, Ticket } from './ticket.ts'
import { identify } from './ticket-id.ts'

/** Makes the ticket of an activity and its draft, without clock and randomness: every replica makes the same one. */
export function makeTicket(activity: Activity, draft: Draft): Ticket {
  const { id: messageId, conversationId, tenantId, reporter, teamId, channelId, locale } = activity
  return {
    ...draft,
    ...identify({ tenantId, conversationId, activityId: messageId }),
    createdAt: new Date(activity.at).toISOString(),
    conversationId,
    messageId,
    ...(reporter && { reporter }),
    ...(tenantId && { tenantId }),
    ...(teamId && { teamId }),
    ...(channelId && { channelId }),
    ...(locale && { locale }),
  }
}
