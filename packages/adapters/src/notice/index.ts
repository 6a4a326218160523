export { createAdminNotifier } from './create-admin-notifier.ts'
export type { AdminNotifierOptions } from './create-admin-notifier.ts'
export type { NotificationChannel, NotificationResult } from './notification-channel.ts'
