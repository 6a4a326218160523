export { createAdminNotice } from './create-admin-notice.ts'
export { describeLetter } from './describe-letter.ts'
export type { LetterWords } from './describe-letter.ts'
export type { Notified, NoticeWay } from './notice-way.ts'
