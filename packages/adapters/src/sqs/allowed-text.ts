import { cutText } from '../http/cut-text.ts'

/**
 * A text that SQS takes as an attribute's value: characters outside its set become U+FFFD, and it ends after `limit`
 * UTF-16 units. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function allowText(text: string, limit: number): string {
  return cutText(text.toWellFormed(), limit).replaceAll(
    /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu,
    '\uFFFD',
  )
}
