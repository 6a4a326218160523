import type { Ticket } from 'ticket-core'

const LONGEST_SLUG = 60

/**
 * `tickets/2026/11/23/140322-login-page-is-blank-T-7QK2M-9XD4R.json`: a function of the ticket alone, so that every
 * try writes to the same place. Of the user's text only a-z, 0-9 and single hyphens remain.
 */
export function archiveKey({ id, title, createdAt }: Pick<Ticket, 'id' | 'title' | 'createdAt'>): string {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(normalise(createdAt)) ?? []
  return `tickets/${year}/${month}/${day}/${hour}${minute}${second}-${slug(title)}-${slugId(id)}.json`
}

/** The time in UTC; one that cannot be read sorts first. */
function normalise(createdAt: string): string {
  const at = Date.parse(createdAt)
  return new Date(Number.isNaN(at) ? 0 : at).toISOString()
}

function slug(title: string): string {
  const ascii = title
    .slice(0, LONGEST_SLUG * 4)
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
  return ascii.slice(0, LONGEST_SLUG).replaceAll(/^-+|-+$/g, '') || 'ticket'
}

function slugId(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9-]/g, '')
}
