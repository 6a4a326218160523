import { createHash } from 'node:crypto'
import type { Json } from './trello-state.ts'

/** A person of Trello. */
export interface Member {
  readonly id: string
  readonly username: string
  readonly fullName: string
}

function member(username: string, fullName: string): Member {
  return { id: digest(`member ${username}`).slice(0, 24), username, fullName }
}

/** Whose token our requests carry. */
export const TOKEN_OWNER: Member = member('ticketbot', 'Ticket Bot')

/** The members of every board. "Nordmann, Ola" is also the person who writes in the Teams simulator by default. */
export const MEMBERS: readonly Member[] = [
  TOKEN_OWNER,
  member('adaexample', 'Ada Example'),
  member('graceexample', 'Grace Example'),
  member('olanordmann', 'Nordmann, Ola'),
]

/** The application that the API key belongs to. */
export const APP_ID: string = digest('application').slice(0, 24)

export function findMember(id: string): Member | undefined {
  return MEMBERS.find((each) => each.id === id)
}

/** A member as an action shows them: `fixtures/trello/comment-posted-by-api-2023.json`. */
export function toMemberJson({ id, username, fullName }: Member): Json {
  const avatarHash = digest(`avatar ${username}`).slice(0, 32)
  return {
    id,
    activityBlocked: false,
    avatarHash,
    avatarUrl: `https://trello-members.s3.amazonaws.com/${id}/${avatarHash}`,
    fullName,
    idMemberReferrer: null,
    initials: initialsOf(fullName),
    nonPublic: {},
    nonPublicAvailable: true,
    username,
  }
}

function initialsOf(fullName: string): string {
  return fullName
    .split(/\W+/)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
