export { fail, succeed } from './result.ts'
export type { Result } from './result.ts'
export type { Destination, Draft, Link, Place, Priority, Reporter, Ticket } from './ticket.ts'
export type { Attempt, AttemptHistory, DeathCause, LedgerRecord, Receipt } from './ledger-record.ts'
export { caseObject, CASES, newCase } from './case.ts'
export type { Case } from './case.ts'
export { describeEvent, openEvent, readEvent, writeEvent } from './event.ts'
export type { Change, EscalationStep, Person, TicketEvent, Via } from './event.ts'
export { deathCard, NEWS_LEVELS, newsCard, newsOf, newsTargetOf } from './news.ts'
export type { NewsLevel, NewsTarget, NewsTargets } from './news.ts'
export {
  FORGOTTEN,
  forgetInCase,
  forgetInLetter,
  forgetWords,
  isForgotten,
  isReportedBy,
  peopleIn,
} from './forget-person.ts'
export type { IsMeant, NamedSomewhere } from './forget-person.ts'
export { messageLink, threadOf } from './message-link.ts'
export type { Thread } from './message-link.ts'
export { describeDoing, describeEnding, describePerson, describeProgress, describeStatus } from './describe-state.ts'
export { eventWords } from './event-words.ts'
export type { EventWords } from './event-words.ts'
export { afterAllOf, placeInTime } from './event-time.ts'
export { addEvent, eventsBefore, hasEvent, showsAlready, stateOf } from './state.ts'
export type { Comment, Ending, Status, TicketState } from './state.ts'
export { describeEffect, destinationsOf, effectKey, effectsOf, isNews, readEffect, writeEffect } from './effects.ts'
export type { DeathNews, Effect, Note, NotePlace, Sync } from './effects.ts'
export { SWEEP } from './sweep-cursor.ts'
export type { SweepCursor } from './sweep-cursor.ts'
export { nextEscalation } from './escalation.ts'
export type { Escalation } from './escalation.ts'
export { verifySlackRequest, verifyTrelloCallback } from './callback-signature.ts'
export type { CallbackFailure } from './callback-signature.ts'
export {
  changingTypes,
  changeOfTicket,
  isOwnChange,
  priorityOfLabel,
  readTrelloAction,
  readTrelloCallback,
} from './trello-action.ts'
export type { BoardWords, TrelloChange, TrelloReading } from './trello-action.ts'
export { isTrelloNote, TRELLO_CLIENT, trelloNoteMark } from './trello-note.ts'
export { placeKey, placePrefix, PLACES, ticketOfPlaceKey } from './place-key.ts'
export { readPressedMessage, readSlackPress, SLACK_BUTTONS, SLACK_REPEAT } from './slack-press.ts'
export type { PressedMessage, SlackPress, SlackReading } from './slack-press.ts'
export {
  INDEX,
  indexKey,
  indexKeysOf,
  indexPrefix,
  indexPrefixIn,
  indexPrefixOfAll,
  isStaleKey,
  personOf,
  startOfOlder,
  teamPartOf,
  ticketOfIndexKey,
} from './index-key.ts'
export type { IndexQuery, PersonKey } from './index-key.ts'
export { choosePerson } from './choose-person.ts'
export type { PersonAnswer } from './choose-person.ts'
export { isNamed, knownPersonOf, PEOPLE, peoplePrefix, personKey } from './people-key.ts'
export type { KnownPerson } from './people-key.ts'
export {
  isLetterKey,
  isRedrivable,
  LETTER_KEYS,
  letterKey,
  readLetterKey,
  recordOfLetter,
  redrivableOf,
  TICKET_MISSING,
} from './dead-letter.ts'
export type { Closing, DeadLetter, Death, KeptMessage, RecordPlace, Redrivable } from './dead-letter.ts'
export {
  intakeSecretId,
  readAppSecret,
  readIntakeSecret,
  readNewsSecret,
  readNoticeSecret,
  readSlackSecret,
  readTrelloSecret,
  secretNameOf,
} from './secret.ts'
export type { AppSecret } from './secret.ts'
export type { SecretOptions, SecretProblem, SecretReader } from './secret-keys.ts'
export type { Clock } from './ports/clock.ts'
export type {
  DeadLetterMessage,
  DeadLetterQueue,
  EffectQueue,
  Enqueued,
  EventQueue,
  Postponed,
  SourceQueue,
  TicketQueue,
} from './ports/queues.ts'
export type {
  AdminNotifier,
  DeathNewsDelivery,
  Delivery,
  DeliveryOutcome,
  EffectDelivery,
  EffectSink,
  NoteDelivery,
  PressAnswers,
  TicketSink,
} from './ports/sinks.ts'
export type {
  Absent,
  AddressBook,
  CaseStore,
  ConditionalStore,
  Conflict,
  DeadLetterArchive,
  Found,
  FoundPeople,
  IndexPage,
  IndexStore,
  Ledger,
  LedgerReader,
  Ledgers,
  Marked,
  Stored,
  SweepCursors,
  Written,
  TokenBinding,
  TokenTeams,
} from './ports/stores.ts'
export type { BoardReader, ListedActions, MarkedTicket } from './ports/board-reader.ts'
export type { SecretRead, SecretSource } from './ports/secret-source.ts'
export type { Log, LogFields, LogLevel, Metrics } from './ports/log.ts'
export { retryOnConflict, unchanged } from './retry-on-conflict.ts'
export { prepareKeyRing, signBody, splitToken, verifySignature } from './signature.ts'
export type { KeyRing, KeyRingFailure, SignatureFailure, TokenName } from './signature.ts'
export { readActivity, teamOf } from './activity.ts'
export type { Activity, ActivityFailure } from './activity.ts'
export { readMessage } from './read-message.ts'
export type { Message } from './read-message.ts'
export type { Mention } from './find-mention.ts'
export { readCommand } from './read-command.ts'
export type { Command } from './read-command.ts'
export { COMMANDS, whoMay } from './command-table.ts'
export { isReporter, makeEvent, writerOf } from './make-event.ts'
export type { CommandRow, Needs, Verb } from './command-table.ts'
export type { ListQuestion, NamedPerson, Request, RequestedChange, TicketReference, Unclear } from './request.ts'
export { parseDraft } from './parse-draft.ts'
export type { BadDraft, Problem } from './parse-draft.ts'
export type { Field } from './labels.ts'
export { PRIORITIES, readPriority, suggestPriority } from './priority.ts'
export { renderMessage } from './render-message.ts'
export { makeTicket } from './make-ticket.ts'
export { digestTicket, identify, identifyOlderMessage, readTicketId } from './ticket-id.ts'
export type { Identity } from './ticket-id.ts'
export {
  DELIVERY_LANES,
  describeDestination,
  destinationFor,
  INTAKE_LANES,
  laneOf,
  laneOfPlace,
  LANES,
  nameResources,
  placeOfLane,
  priorityOf,
  TICKET_LANES,
  WORK_LANES,
} from './lanes.ts'
export type { DeliveryLane, Lane, LaneNames, StackNames, TicketLane, WorkLane } from './lanes.ts'
export { ENVELOPE_LIMIT, escapeToAscii, writeEnvelope } from './write-envelope.ts'
export type { EnvelopeTooLarge } from './write-envelope.ts'
export { readTicket } from './read-ticket.ts'
export { openEnvelope, openMessage } from './open-envelope.ts'
export type { OpenedEffect, OpenedEnvelope, QueueMessage, Unreadable } from './open-envelope.ts'
export { chooseRecord, decideStatus } from './decide-status.ts'
export type { StatusAnswer } from './decide-status.ts'
export { replyAccepted, replyMaybe, replyNotAccepted, replyProblems, replyTooLarge } from './reply.ts'
export type { Hint } from './reply.ts'
export { replyStatus } from './reply-status.ts'
export { replyHelp } from './reply-help.ts'
export { replyChange } from './reply-change.ts'
export {
  replyMaybeDone,
  replyNotDone,
  replyNotKnown,
  replyNotYours,
  replyUnclear,
  replyWhichTicket,
  replyWho,
} from './reply-command.ts'
export { replyList, replyNoList } from './reply-list.ts'
export type { ListAnswer } from './reply-list.ts'
export { noticeCard } from './notice-card.ts'
export type { NoticeWords } from './notice-card.ts'
export {
  createSettingReader,
  describeSettingProblem,
  durationRule,
  escalateAfterRule,
  levelRule,
  newsDelayRule,
  publicAddressRule,
  secretIdRule,
  serviceAddressRule,
} from './settings.ts'
export type { SettingProblem, SettingReader, SettingRule } from './settings.ts'
export { visibleText } from './visible-text.ts'
export { readCard } from './card.ts'
export type { CardLine, CardReply, OpenUrl, TextRun } from './card.ts'
