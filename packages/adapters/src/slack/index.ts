export { createSlackNotice } from './create-slack-notice.ts'
export type { SlackNoticeOptions } from './create-slack-notice.ts'
export { createSlackSink } from './create-slack-sink.ts'
export type { SlackSinkOptions } from './create-slack-sink.ts'
