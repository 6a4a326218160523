/** Where admins are told of dead letters, in Slack. */
export const ADMIN_CHANNEL = 'ticket-admins'
