/**
 * A text that every vendor can store: no lone surrogates, no control characters but tab, line feed and carriage
 * return. Some answer 400 to the rest, which would cost the whole ticket.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll(/(?![\t\n\r])\p{Cc}/gu, '')
}
