export { createAdminNotice } from './create-admin-notice.ts'
export type { AdminNoticeOptions } from './create-admin-notice.ts'
export type { NotificationChannel, NotificationResult } from './notification-channel.ts'
