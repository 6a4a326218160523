import type { Closing, DeadLetter, Death, KeptMessage } from 'ticket-core'
import { readStoredTicket } from './read-case.ts'
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
  ...fields.optional('ticket', readStoredTicket),
  message: fields.required('message', readMessage),
  mayBeDelivered: fields.required('mayBeDelivered', readBoolean),
  ...fields.optional('attempts', readAttempts),
  history: fields.required('history', readArray(readObject(readDeathFields))),
}))
