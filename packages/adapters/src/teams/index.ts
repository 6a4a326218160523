export { createNewsSink } from './create-news-sink.ts'
export type { NewsSinkOptions } from './create-news-sink.ts'
export { createTeamsNotice } from './create-teams-notice.ts'
export type { TeamsNoticeOptions } from './create-teams-notice.ts'
