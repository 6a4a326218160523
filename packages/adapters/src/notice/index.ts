export { createAdminNotice } from './create-admin-notice.ts'
export type { AdminNoticeOptions } from './create-admin-notice.ts'
export { describeLetters } from './describe-letters.ts'
export type { Notified, NoticeWay } from './notice-way.ts'
