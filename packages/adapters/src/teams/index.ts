export { createTeamsNotice } from './create-teams-notice.ts'
export type { TeamsNoticeOptions } from './create-teams-notice.ts'
