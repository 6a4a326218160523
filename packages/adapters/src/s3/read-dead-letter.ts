import type { Closing, DeadLetter, Death, KeptMessage, Link, Reporter, Ticket } from 'ticket-core'
import { readAttempts, readCause } from './read-ledger-record.ts'
import type { Fields, Read } from './shape.ts'
import {
  readArray,
  readBoolean,
  readCount,
  readInstant,
  readObject,
  readOneOf,
  readText,
  readTextMap,
} from './shape.ts'

const readLink: Read<Link> = readObject((fields) => ({
  text: fields.required('text', readText),
  url: fields.required('url', readText),
}))

const readReporter: Read<Reporter> = readObject((fields) => ({
  name: fields.required('name', readText),
  ...fields.optional('aadObjectId', readText),
}))

const readTicket: Read<Ticket> = readObject((fields) => ({
  id: fields.required('id', readText),
  source: fields.required('source', readText),
  title: fields.required('title', readText),
  priority: fields.required('priority', readOneOf('low', 'medium', 'high')),
  description: fields.required('description', readText),
  ...fields.optional('steps', readText),
  links: fields.required('links', readArray(readLink)),
  createdAt: fields.required('createdAt', readText),
  ...fields.optional('reporter', readReporter),
  ...fields.optional('tenantId', readText),
  ...fields.optional('teamId', readText),
  ...fields.optional('channelId', readText),
  ...fields.optional('conversationId', readText),
  ...fields.optional('messageId', readText),
  ...fields.optional('locale', readText),
}))

const readMessage: Read<KeptMessage> = readObject((fields) => ({
  messageId: fields.required('messageId', readText),
  body: fields.required('body', readText),
  ...fields.optional('sentAt', readInstant),
  ...fields.optional('receiveCount', readCount),
  ...fields.optional('sourceQueueArn', readText),
  attributes: fields.required('attributes', readTextMap),
}))

const readClosing: Read<Closing> = readObject((fields) => ({
  at: fields.required('at', readInstant),
  because: fields.required('because', readText),
}))

function readDeathFields(fields: Fields): Death {
  return {
    life: fields.required('life', readCount),
    at: fields.required('at', readInstant),
    cause: fields.required('cause', readCause),
    ...fields.optional('toldAt', readInstant),
    ...fields.optional('redrivenAt', readInstant),
    ...fields.optional('closed', readClosing),
    ...fields.optional('correctedAt', readInstant),
  }
}

/** Reads one archived dead letter. */
export const readDeadLetter: Read<DeadLetter> = readObject((fields) => ({
  v: fields.required('v', readOneOf(1)),
  key: fields.required('key', readText),
  nonce: fields.required('nonce', readText),
  kind: fields.required('kind', readOneOf('ticket', 'unreadable', 'collision')),
  ...readDeathFields(fields),
  ...fields.optional('ticket', readTicket),
  message: fields.required('message', readMessage),
  mayBeDelivered: fields.required('mayBeDelivered', readBoolean),
  ...fields.optional('attempts', readAttempts),
  history: fields.required('history', readArray(readObject(readDeathFields))),
}))
