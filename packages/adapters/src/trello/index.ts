export { createTrelloSink } from './create-trello-sink.ts'
export type { TrelloSinkOptions } from './create-trello-sink.ts'
