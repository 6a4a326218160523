import type { TeamsActivity } from '@ticketing/testbed'
import { identify } from 'ticket-core'

/** The id that the ticket of a message has, whether it was accepted or not. */
export function idOf(activity: TeamsActivity): string {
  return identify({
    tenantId: tenantOf(activity['channelData']),
    conversationId: activity.conversation.id,
    activityId: activity.id,
  }).id
}

function tenantOf(data: unknown): string {
  const tenant: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'tenant') : undefined
  const id: unknown = typeof tenant === 'object' && tenant !== null ? Reflect.get(tenant, 'id') : undefined
  return typeof id === 'string' ? id : ''
}
