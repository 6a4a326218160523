export { connectBoard } from './connect-board.ts'
export type { BoardConnection } from './connect-board.ts'
export { createTrelloSink } from './create-trello-sink.ts'
export type { TrelloSinkOptions } from './create-trello-sink.ts'
